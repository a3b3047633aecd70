"""`params/budgetplacering.yaml`: on which budget row and side each kind of effect lands, per unit with a default."""

from dataclasses import dataclass
from typing import Literal

from planbok.base.errors import Fault, InputError, did_you_mean, refuse_any
from planbok.base.workspace import Folders
from planbok.inputs.documents import Entry, Text, quoted, read_document, validate

Side = Literal["kostnad", "intakt", "ram"]
EFFECTS = (
    "kbh",
    "lokalhyra",
    "tomgangshyra",
    "hyresintakt",
    "startkostnad",
    "personal",
    "lss_peng",
    "ersattning",
    "sjuklon",
    "ersattare",
    "hemtjanst",
    "vobo",
    "assistans",
    "assistansersattning",
)
DEFAULT = "default"


class Place(Entry):
    """A budget row and the side of it: kostnad, intakt, or ram for what the unit is given."""

    budgetrad: Text
    sida: Side


@dataclass(frozen=True)
class Placement:
    """Places by unit and effect."""

    places: dict[str, dict[str, Place]]
    file: str

    def place(self, enhet: str, effect: str) -> Place:
        """Where an effect lands for a unit.

        Raises
        ------
        InputError
            If neither the unit nor the default says it.
        """
        for name in (enhet, DEFAULT):
            if effect in self.places.get(name, {}):
                return self.places[name][effect]
        text = (
            f"effekten '{effect}' har ingen budgetrad för {enhet}. Lägg till den under '{DEFAULT}:' eller '{enhet}:'."
        )
        raise InputError([Fault("budgetplacering", self.file, 0, "", text, "no_place")])


def load_placement(folders: Folders) -> Placement:
    """Reads the file; a unit's own entries win over the default's, effect by effect."""
    path = folders.param_files("", ".yaml").get("budgetplacering.yaml")
    if path is None:
        return Placement({}, "params/budgetplacering.yaml")
    document = read_document(path, "budgetplacering")
    places: dict[str, dict[str, Place]] = {}
    for enhet, effects in (document.value or {}).items():
        places[enhet] = {}
        if not isinstance(effects, dict):
            document.refuse((enhet,), "här ska stå effekter med budgetrad och sida.", "shape")
            continue
        for effect in effects:
            if effect not in EFFECTS:
                text = f"okänd effekt {quoted(effect)}.{did_you_mean(effect, EFFECTS)}"
                document.refuse((enhet, effect), text, "unknown_effect")
            place = validate(Place, document, (enhet, effect))
            if place:
                places[enhet][effect] = place
    refuse_any(document.faults)
    return Placement(places, document.file)
