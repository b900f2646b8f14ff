"""People, teams, who belongs where with which role, and links that work once."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from studio.accounts.roles import Role

#: A team may ask for so many approvals of one rule.
MOST_APPROVALS = 5
#: Minutes of inactivity after which a team may end sessions: a week at most, 0 for no limit.
MAX_IDLE_MINUTES = 7 * 24 * 60


class UserManager(BaseUserManager["User"]):
    """Makes people known by e-mail address."""

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """A new person; without a password they cannot sign in until a link sets one."""
        if not email:
            raise ValueError("A person needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. The e-mail address signs in; the name is what others read. What they may do hangs on a membership."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True, help_text="Whether the account is open.")
    closed_at = models.DateTimeField(null=True, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        """One or two letters for the round sign."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Team(models.Model):
    """Who works together: drafts, reviews and packs belong to a team."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=64, unique=True)
    is_demo = models.BooleanField(default=False, help_text="Sample people and sample rules; shown with a banner.")
    required_approvals = models.PositiveSmallIntegerField(
        default=1, help_text="How many reviewers must approve a rule. It counts for what is handed in from now on."
    )
    samples_required = models.BooleanField(
        default=True,
        help_text="A rule is handed in for review only when at least one attack event fires and one benign event stays "
        "silent.",
    )
    second_factor_required = models.BooleanField(
        default=False,
        help_text="Who has none is sent to set one up before they see anything of the team.",
    )
    approved_rules_only = models.BooleanField(
        default=False,
        help_text="A pack with a rule that nobody has approved can't be released, not even with a reason.",
    )
    open_threads_block = models.BooleanField(
        default=False,
        help_text="A revision can't be approved while a conversation about its rule is open.",
    )
    idle_minutes = models.PositiveIntegerField(
        default=0,
        help_text="Members are signed out after this many minutes without activity. 0: the server's own limit applies.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="teams"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(required_approvals__range=(1, MOST_APPROVALS)), name="accounts_approvals_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__lte=MAX_IDLE_MINUTES), name="accounts_idle_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a team, with one role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "team"], name="accounts_one_membership"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team} as {self.get_role_display()}"


class OneTimeLink(models.Model):
    """A link that lets somebody do one thing once. Only the hash of its token is kept."""

    class Purpose(models.TextChoices):
        SETUP = "setup", "Create the first administrator"
        INVITATION = "invitation", "Join a team"
        PASSWORD = "password", "Set a new password"
        ENTER = "enter", "Sign in to the demo"

    purpose = models.CharField(max_length=16, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="links")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="links")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=16, choices=Role, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="links_made")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} until {self.expires_at:%Y-%m-%d %H:%M}"


class Letter(models.Model):
    """A mail that is to go out. Its text is forgotten once it went: it may hold a link that lets somebody in."""

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(default=timezone.now, null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
