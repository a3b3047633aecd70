"""What an audience may see: the rules of small groups, as they are published and never as a scenario has them."""

from dataclasses import dataclass
from datetime import date

from planbok.case.case import Case
from planbok.case.result import NOBODY, WORKING_PAPERS
from planbok.inputs.rules.secrecy import FEWEST_ANSWERS

PUBLIC = "offentlig"

SMALLEST, LARGEST_SICK, SMALL_HOME = "minsta_grupp", "sjukfranvaro.storsta_dolda_grupp", "minsta_boende"
MEASURED, ANSWERS = "minsta_matning", FEWEST_ANSWERS
GROUPS, TOGETHER = "sjukfranvaro.dolda_grupper", "sammanslagna"
RULES = {
    "smallest": SMALLEST,
    "largest_sick": LARGEST_SICK,
    "small_home": SMALL_HOME,
    "merges": GROUPS,
    "fewest_measured": MEASURED,
    "fewest_mixes": "minsta_blandningar",
    "rounding_kr": "avrundning_peng",
    "rounding_days": "avrundning_dagar",
    "fewest_answers": ANSWERS,
}


@dataclass(frozen=True)
class Policy:
    """An audience and the rules by which results are protected for it.

    smallest        the smallest number of persons that is shown
    largest_sick    the largest group whose sick leave is not shown; for the public never smaller than the default
    small_home      the largest home that shows nothing that depends on a few known residents
    merges          whether groups that are not shown one by one are shown together
    fewest_measured, fewest_mixes   persons and level mixes of an amount that is shown to the krona
    rounding_kr     what other amounts of persons times a public price are rounded to
    rounding_days   what days are rounded to that may be a single person's: a median, a percentile
    fewest_answers  the fewest answers of a survey that are shown; never fewer than the default
    """

    audience: str
    smallest: int = 5
    largest_sick: int = 10
    small_home: int = 10
    merges: bool = True
    fewest_measured: int = 20
    fewest_mixes: int = 100
    rounding_kr: float = 100_000.0
    rounding_days: int = 5
    fewest_answers: int = 5

    @property
    def shows_all(self) -> bool:
        return self.audience == WORKING_PAPERS

    @property
    def public(self) -> bool:
        """Whether anybody may read it."""
        return self.audience == PUBLIC

    def lowered(self) -> list[str]:
        """What a report says first of limits that are set below the defaults.

        >>> Policy("ledning").lowered(), Policy("arbetsmaterial", smallest=3).lowered()
        ([], [])
        >>> Policy("ledning", smallest=3, small_home=5).lowered()
        ['Rapporten visar mindre grupper än förvalet: minsta_grupp är 3 (förval 5), minsta_boende är 5 (förval 10).']
        """
        fields = ("smallest", "largest_sick", "small_home")
        low = [(RULES[name], getattr(self, name), getattr(Policy, name)) for name in fields]
        said = [f"{rule} är {now} (förval {default})" for rule, now, default in low if now < default]
        return (
            [f"Rapporten visar mindre grupper än förvalet: {', '.join(said)}."] if said and not self.shows_all else []
        )

    def limit(self, regel: str) -> int:
        """The smallest number of people that is shown under a rule.

        A rule that names the largest hidden number (largest sick group, small home) gives that number plus one.

        >>> Policy("ledning", small_home=10).limit(SMALL_HOME)
        11
        """
        return {
            SMALLEST: self.smallest,
            LARGEST_SICK: (max(self.largest_sick, Policy.largest_sick) if self.public else self.largest_sick) + 1,
            SMALL_HOME: self.small_home + 1,
            MEASURED: self.fewest_measured,
            ANSWERS: max(self.fewest_answers, Policy.fewest_answers),
            NOBODY: 0,
        }[regel]


LIMITS = (SMALLEST, LARGEST_SICK, SMALL_HOME, MEASURED, ANSWERS, NOBODY)  # the rules that people are held against


def policy(case: Case) -> Policy:
    """The case's audience, and the published rules on the year's first day; each is noted in the journal."""
    day, found = date(case.ar, 1, 1), {}
    for field, key in RULES.items():
        if key not in case.sources.rules.series:
            continue
        value = case.sources.rules.value(key, day)
        found[field] = value.varde == TOGETHER if key == GROUPS else value.varde
        if case.spridning != WORKING_PAPERS:
            case.journal.rules[key, day] = value
    return Policy(case.spridning, **found)
