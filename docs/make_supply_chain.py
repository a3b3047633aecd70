"""What planbok is installed with: prints docs/licenser.md and docs/sbom.cdx.json from requirements.lock.

Names and versions are the lock's; licences are what the installed packages say of themselves. Run it with
`make supply`, after `make lock`.
"""

import json
import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, LICENCES, SBOM = ROOT / "requirements.lock", ROOT / "docs/licenser.md", ROOT / "docs/sbom.cdx.json"
PIN = re.compile(r"(?m)^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^ ;\\\n]+)(?: *; *(?P<marker>[^\\\n]+?))? *\\?$")
# Packages for other systems and other Pythons than the one that the list was made on, as their own pages say.
ELSEWHERE = {
    "aiohappyeyeballs": "PSF-2.0",
    "aiohttp": "Apache-2.0 AND MIT",
    "aiosignal": "Apache-2.0",
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "exceptiongroup": "MIT",
    "frozenlist": "Apache-2.0",
    "multidict": "Apache-2.0",
    "propcache": "Apache-2.0",
    "pywinpty": "MIT",
    "tomli": "MIT",
    "yarl": "Apache-2.0",
}
UNSAID = "säger inget"
HEAD = """# Licenser

Skrivs av `make supply` ur `requirements.lock`: allt som `make run` installerar, med den licens som paketet självt
anger. planbok levererar inga av dem vidare; de hämtas från paketregistret. Samma lista som data:
[sbom.cdx.json](sbom.cdx.json) (CycloneDX 1.6). Paketens kontrollsummor står i `requirements.lock`.

| paket | version | licens |
|---|---|---|
"""


def pins(lock: str) -> list[tuple[str, str]]:
    """Name and version of each package of a lock.

    >>> pins("b==1.0 \\\\\n    --hash=sha256:0\nc==2 ; sys_platform == 'win32' \\\\\n")
    [('b', '1.0'), ('c', '2')]
    """
    return [(pin["name"], pin["version"]) for pin in PIN.finditer(lock)]


def licence(name: str) -> str:
    """What an installed package says: its licence expression, else its classifiers, else the first line of its text."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name, UNSAID)
    classified = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    text = (said["License"] or "").strip().partition("\n")[0]
    return said["License-Expression"] or ", ".join(classified) or text or UNSAID


def component(name: str, version: str) -> dict:
    """A package as CycloneDX has it."""
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"license": {"name": licence(name)}}],
    }


def main() -> None:
    packages = pins(LOCK.read_text("utf-8"))
    rows = "".join(f"| {name} | {version} | {licence(name)} |\n" for name, version in packages)
    LICENCES.write_text(HEAD + rows, "utf-8")
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "planbok", "name": "planbok"}},
        "components": [component(*package) for package in packages],
    }
    SBOM.write_text(json.dumps(bom, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
