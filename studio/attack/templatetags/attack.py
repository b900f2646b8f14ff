"""Template filters for MITRE's texts."""

from django import template
from django.utils.safestring import SafeString

from studio.attack.prose import prose, sentence

register = template.Library()


@register.filter(name="attack_prose")
def attack_prose(text: str) -> SafeString:
    """MITRE's Markdown as paragraphs."""
    return prose(text).html


@register.filter(name="attack_sentence")
def attack_sentence(text: str) -> SafeString:
    """MITRE's Markdown as the content of one paragraph, without citations."""
    return sentence(text)
