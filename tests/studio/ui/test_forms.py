"""Forms: every input has its label, its help and its errors, tied together."""

from __future__ import annotations

import re

from django import forms

CHOICES = [("a", "A"), ("b", "B")]


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As others read it.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=CHOICES)
    sure = forms.BooleanField(label="Sure")
    some = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)

    def clean(self):
        raise forms.ValidationError("Together it makes no sense.")


def test_it_ties_label_help_and_error_to_the_input():
    page = str(Sample({"name": ""}))
    field = re.search(r"<input[^>]*name=\"name\"[^>]*>", page).group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert 'aria-invalid="true"' in field
    assert "form-control is-invalid" in field
    assert '<label class="form-label" for="id_name">' in page
    assert 'id="id_name_helptext">As others read it.' in page
    assert 'id="id_name_error"' in page


def test_it_puts_a_summary_on_top_that_links_to_each_field():
    page = str(Sample({"name": "", "kind": "c"}))
    assert 'role="alert"' in page
    assert "5 things need your attention" in page
    assert '<a href="#id_name">Name</a>: This field is required.' in page
    assert "Together it makes no sense." in page


def test_it_gives_each_kind_of_input_its_class():
    page = str(Sample())
    assert re.search(r"<select[^>]*form-select", page)
    assert re.search(r"<textarea[^>]*form-control", page)
    assert re.search(r'<input type="checkbox" name="sure"[^>]*form-check-input', page)
    assert "<fieldset" in page
    assert '<span class="field-needed">optional</span>' in page
