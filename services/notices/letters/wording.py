"""What the notice says, sentence by sentence (Pflichtinhalte, §§ 119, 121, 157 AO, § 13a KAG-LSA, § 58 VwGO).

The template prints these sentences and the check looks for them, so a block cannot be lost between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.notices.domain.model import Assessment, Authority, DueRule, Exemption, Statute
from services.notices.letters import german

SURCHARGE_FROM = Decimal(50)
"""Below it no surcharge for late payment arises: the debt is rounded down to 50 euros (§ 240 (1) AO)."""

_EXEMPT = {
    Exemption.TOWN_OWNED: "ohne Umlage: Gemeindeeigentum",
    Exemption.FEDERAL_WATERWAY: "ohne Umlage: Bundeswasserstraße",
}

_JOINT_LIABILITY = (
    "Sie haften als Gesamtschuldner (§ 44 AO): Jede dieser Personen schuldet den ganzen Betrag, gezahlt werden muss er "
    "nur einmal."
)
_PLURAL = {"Erbbauberechtigter": "Erbbauberechtigte"}


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the notice; the key is its id in the template."""

    key: str
    heading: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return german.bound(" ".join(self.sentences))


def subject(statute: Statute) -> str:
    """Return the heading: kind of the levy and year (§ 157 (1) AO)."""
    return f"Bescheid über die {statute.kind} {statute.year}"


def file_reference(statute: Statute, reference: str) -> str:
    """Return the file reference (Aktenzeichen) of one debtor account."""
    parts = reference.split(".")
    debtor = parts[1] if len(parts) > 1 else reference
    pattern = statute.authority.file_reference
    return pattern.replace("{year}", str(statute.year)).replace("{debtor}", debtor)


def seat(authority: Authority) -> str:
    """Return name and seat, as the objection instruction must state them (§ 58 (1) VwGO)."""
    return f"{authority.name}, {authority.street}, {authority.postcode} {authority.city}"


def deadline(due: DueRule) -> str:
    """Return the date, or the rule in words: the date of announcement is not known when the letter is printed."""
    if due.fixed_date is not None:
        return f"bis zum {german.long_date(due.fixed_date)}"
    return f"innerhalb {german.months(due.months_after_announcement or 1)} nach Bekanntgabe dieses Bescheids"


def summary(assessment: Assessment, statute: Statute) -> Block:
    """Return four plain sentences: what this is, how much, by when, whom to ask."""
    authority = statute.authority
    return Block(
        "summary",
        subject(statute),
        (
            f"Das ist Ihr Bescheid über die {statute.kind} für das Jahr {statute.year}.",
            f"Bitte zahlen Sie {german.euro(assessment.total)}.",
            f"Zahlen Sie {deadline(statute.due)}.",
            f"Fragen beantwortet: {authority.department}, Telefon {authority.phone}.",
        ),
    )


def debtors(assessment: Assessment) -> Block:
    """Return who owes, by name, and their joint liability (§ 157 (1) AO, § 44 AO)."""
    account = assessment.account
    if len(account.debtors) == 1:
        sentences = (_stopped(f"Die Umlage schuldet als {account.role}: {account.debtors[0]}"),)
    else:
        sentences = (
            _stopped(
                f"Die Umlage schulden als {_PLURAL.get(account.role, account.role)}: "
                f"{german.enumeration(account.debtors)}"
            ),
            _JOINT_LIABILITY,
        )
    return Block("debtors", "Wer die Umlage schuldet", sentences)


def _stopped(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."


def administration(assessment: Assessment) -> str:
    """Return the administrative share in euros, per association when there are several."""
    total = german.euro(assessment.administration)
    if len(assessment.lines) == 1:
        return f"In den Beträgen sind {total} Verwaltungskosten enthalten."
    shares = german.enumeration(
        tuple(f"{line.association} {german.euro(line.administration)}" for line in assessment.lines)
    )
    return f"In den Beträgen sind {total} Verwaltungskosten enthalten ({shares})."


def payment(assessment: Assessment, statute: Statute) -> Block:
    """Return how to pay; the surcharge is mentioned only where one can arise."""
    sentences = ["Bitte geben Sie bei der Überweisung nur das Kassenzeichen an."]
    if statute.due.fixed_date is None:
        sentences.append(_announcement(abroad=bool(assessment.account.addressee.country.strip())))
    if assessment.total >= SURCHARGE_FROM:
        sentences.append(
            "Bei verspäteter Zahlung entsteht für jeden angefangenen Monat ein Säumniszuschlag von 1 % "
            "des auf volle 50 € abgerundeten Betrags (§ 240 AO)."
        )
    return Block("payment", "So zahlen Sie", tuple(sentences))


def _announcement(*, abroad: bool) -> str:
    when = "einen Monat" if abroad else "am vierten Tag"
    rule = "Nr. 2" if abroad else "Nr. 1"
    return (
        f"Als Brief gilt dieser Bescheid {when} nach der Aufgabe zur Post als bekannt gegeben, außer er geht "
        f"Ihnen später oder gar nicht zu (§ 122 Abs. 2 {rule} AO)."
    )


def reasons(statute: Statute) -> Block:
    """Return legal basis and method (§ 121 AO)."""
    basis = german.enumeration(statute.legal_basis)
    rounding = " Die Summe ist auf volle Euro abgerundet (§ 14 Abs. 2 KAG-LSA)." if statute.round_down_to_euro else ""
    text = (
        f"Rechtsgrundlagen sind {basis} und die {statute.title} vom {german.long_date(statute.statute_date)}. "
        "Danach werden die Beiträge der Unterhaltungsverbände einschließlich der Verwaltungskosten auf die "
        "Eigentümer und Erbbauberechtigten der Grundstücke umgelegt. Der Flächenbeitrag gilt für die ganze "
        "Fläche, der Erschwernisbeitrag nur für Flächen, die nicht der Grundsteuer A unterliegen. Fläche mal "
        f"Satz ergibt den Betrag, kaufmännisch auf Cent gerundet.{rounding}"
    )
    return Block("reasons", "Begründung", (text,))


def deferral(statute: Statute) -> Block:
    """Return the hint that § 13a (1) KAG-LSA demands of the notice."""
    text = (
        "Ist die Zahlung für Sie eine erhebliche Härte, kann sie auf Antrag gestundet werden; ist sie im "
        "Einzelfall unbillig, kann die Umlage ganz oder teilweise erlassen werden (§ 13a Abs. 1 KAG-LSA). "
        f"Wenden Sie sich an: {statute.authority.department}."
    )
    return Block("deferral", "Stundung und Erlass", (text,))


def objection(statute: Statute) -> Block:
    """Return the instruction on remedies (Rechtsbehelfsbelehrung); a wrong one opens a whole year (§ 58 VwGO)."""
    text = (
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch erhoben werden. Der "
        "Widerspruch ist schriftlich, in elektronischer Form nach § 3a Abs. 2 VwVfG, schriftformersetzend nach "
        "§ 3a Abs. 3 VwVfG und § 9a Abs. 5 OZG oder zur Niederschrift bei der "
        f"{seat(statute.authority)}, einzulegen."
    )
    return Block("objection", "Rechtsbehelfsbelehrung", (text,))


def no_suspension() -> Block:
    """Return that an objection does not postpone payment (§ 80 (2) Nr. 1 VwGO)."""
    text = (
        "Auch wenn Sie Widerspruch erheben, müssen Sie fristgerecht zahlen (§ 80 Abs. 2 Satz 1 Nr. 1 VwGO). "
        "Sie können beantragen, die Vollziehung auszusetzen (§ 80 Abs. 4 VwGO); das Verwaltungsgericht kann "
        "grundsätzlich erst nach einer Ablehnung angerufen werden (§ 80 Abs. 6 VwGO)."
    )
    return Block("no_suspension", "Keine aufschiebende Wirkung", (text,))


def privacy(statute: Statute) -> Block:
    """Return the privacy notice (Art. 13, 14 GDPR) in short."""
    authority = statute.authority
    text = (
        f"Verantwortlich ist: {authority.name}. Wir verarbeiten Ihre Daten, um die Umlage festzusetzen und zu "
        "erheben (Art. 6 Abs. 1 Buchst. e DSGVO, § 56 WG LSA). Sie stammen aus Liegenschaftskataster, Grundbuch "
        "und Grundsteuerakten; Druck und Versand erledigt ein Dienstleister in unserem Auftrag. Wir löschen sie "
        "nach Ablauf der gesetzlichen Aufbewahrungsfristen. Sie haben Rechte auf Auskunft, Berichtigung, "
        "Löschung, Einschränkung und Widerspruch und können sich bei der Aufsichtsbehörde für den Datenschutz "
        f"beschweren. Fragen dazu: {authority.data_protection}."
    )
    return Block("privacy", "Datenschutz", (text,))


def automatic() -> str:
    """Return why nobody has signed (§ 119 (3) AO)."""
    return "Dieser Bescheid wurde automatisch erstellt und ist ohne Unterschrift gültig (§ 119 Abs. 3 AO)."


def static_blocks(statute: Statute) -> tuple[Block, ...]:
    """Return the blocks that are the same in every letter of a statute."""
    return reasons(statute), deferral(statute), objection(statute), no_suspension(), privacy(statute)


def exemption(reason: Exemption) -> str:
    """Return why a listed parcel is not levied; empty when it is."""
    return _EXEMPT.get(reason, "")
