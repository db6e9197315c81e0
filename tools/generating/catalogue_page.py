"""The catalogue as a page for people: `contracts/catalogue.html`, with its style and script beside it.

Its links are relative, so that it works where intake serves it and from a folder alike.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template

from contracts.base import Message
from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN, Foreign
from contracts.intake import Receipt
from contracts.topology import DURABLES, PUBLISHERS, Durable
from tools.generating.asyncapi import DOOR_ADDRESS
from tools.generating.examples import example_text, foreign_example_text
from tools.generating.fields import FieldRow, rows
from tools.generating.places import docstring, file_name
from tools.generating.schemas import Schema, foreign_schema_of, schema_of

FRAME = Path(__file__).with_name("catalogue_frame.html")
KEPT_AT_THE_DOOR = (
    "Der Inhalt betrifft Personen: Er bleibt am Eingang verwahrt, auf den Bus kommt nur eine Nummer.",
    "The body is personal: it is kept at the door, and only a reference goes to the bus.",
)
GRANTED = ("Systeme, denen die Stadt dieses Ereignis erlaubt hat", "systems that the town has granted this event")
THE_SENDER = ("das System, das das Ereignis eingesandt hat", "the system that sent the event in")
NOBODY_YET = ("noch niemand", "nobody yet")


def catalogue_page() -> str:
    """Return the page."""
    return Template(FRAME.read_text("utf-8")).substitute(
        envelope=_fields(_envelope_rows()),
        foreign_count=len(FOREIGN),
        foreign="\n".join(_foreign_entry(event) for event in FOREIGN),
        own_count=len(CATALOGUE),
        own="\n".join(_own_entry(message) for message in CATALOGUE),
        curl_example=escape(foreign_example_text(FOREIGN[0]).strip()),
    )


def _foreign_entry(event: type[Foreign]) -> str:
    facts = [
        _fact("Richtung", "Direction", _both("zum Rathaus", "to the town hall")),
        _fact("Wer sendet", "Sender", _both(*GRANTED)),
        _fact("Wer empfängt", "Receiver", _consumers(lambda each: each.foreign is not None)),
        _fact("Eingang über NATS", "Door on NATS", _code(DOOR_ADDRESS)),
        _fact("Eingang über HTTP", "Door on HTTP", _code("POST /events")),
    ]
    if event.personal:
        facts.append(_fact("Datenschutz", "Privacy", _both(*KEPT_AT_THE_DOOR)))
    return _entry(event, facts, foreign_schema_of(event), foreign_example_text(event))


def _own_entry(message: type[Message]) -> str:
    if message is Receipt:
        direction, receivers = _both("zum einsendenden System", "to the sending system"), _both(*THE_SENDER)
    else:
        direction = _both("im Rathaus", "inside the town hall")
        receivers = _consumers(lambda each: message in each.messages) or _both(*NOBODY_YET)
    facts = [
        _fact("Richtung", "Direction", direction),
        _fact("Wer sendet", "Sender", _senders(message)),
        _fact("Wer empfängt", "Receiver", receivers),
        _fact("Adresse auf NATS", "Subject on NATS", _code(message.subject)),
    ]
    return _entry(message, facts, schema_of(message), example_text(message))


def _entry(known: type[Message | Foreign], facts: list[str], schema: Schema, example: str) -> str:
    name = file_name(known)
    link = f'<a href="schemas/{name}">{name}</a>'
    facts = [*facts, _fact("Typ", "Type", _code(known.event_type())), _fact("Schema", "JSON Schema", link)]
    definitions = schema["$defs"]
    fields = list(rows(definitions[known.__name__], definitions))
    identity = name.removesuffix(".json")
    return f"""\
<article class="event" id="{identity}" aria-labelledby="{identity}-name">
<h3 id="{identity}-name">{known.__name__} <span class="version">{identity.rpartition(".")[2]}</span></h3>
<p class="says">{escape(known.german)}</p>
<p class="says" lang="en">{_prose(docstring(known))}</p>
<dl class="facts">
{chr(10).join(facts)}
</dl>
<details>
<summary>Felder <span lang="en">Fields</span> ({len(fields)})</summary>
{_fields(fields)}
</details>
<details>
<summary>Beispiel <span lang="en">Example</span></summary>
<pre tabindex="0" role="group" aria-label="Beispiel für {known.__name__}"><code>{escape(example.strip())}</code></pre>
</details>
</article>"""


def _envelope_rows() -> list[FieldRow]:
    schema = foreign_schema_of(FOREIGN[0])
    plain = {name: field for name, field in schema["properties"].items() if name not in {"type", "data"}}
    described = list(rows({**schema, "properties": plain}, schema["$defs"]))
    stated = [
        FieldRow("type", "Text", required=True, description="the type that the catalogue states for the event"),
        FieldRow("data", "Objekt", required=True, description="the fields that the catalogue states for the event"),
    ]
    return [*described, *stated]


def _fields(fields: list[FieldRow]) -> str:
    return f'<dl class="fields">\n{chr(10).join(_field(each) for each in fields)}\n</dl>'


def _field(row: FieldRow) -> str:
    duty = "Pflicht" if row.required else "freiwillig"
    described = f'\n<dd lang="en">{_prose(row.description)}</dd>' if row.description else ""
    return f"<dt>{_code(row.name)}</dt>\n<dd>{_prose(row.kind)} · {duty}</dd>{described}"


def _consumers(wanted: Callable[[Durable], bool]) -> str:
    found = [f"{_code(each.identity)} ({_code(each.name)})" for each in DURABLES if wanted(each)]
    return ", ".join(found)


def _senders(message: type[Message]) -> str:
    return ", ".join(_code(each) for each in PUBLISHERS.get(message, ())) or _both(*NOBODY_YET)


def _fact(german: str, english: str, value: str) -> str:
    return f'<dt>{german} <span lang="en">{english}</span></dt>\n<dd>{value}</dd>'


def _both(german: str, english: str) -> str:
    return f'{german} <span lang="en">{english}</span>'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _prose(text: str) -> str:
    """Set what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
