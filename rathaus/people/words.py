"""What the commands about staff devices and subscribers say."""

from __future__ import annotations

from collections.abc import Mapping

GERMAN: Mapping[str, str] = {
    "portal_at": "Das Portal: {url}",
    "inbox_at": "Was verschickt würde, liegt im simulierten Postfach: {url}",
    "other_relay": "Die Empfänger in {home} gehören zu einem anderen Postausgang (Simulator oder echt): Wer sich "
    "im simulierten Postfach angemeldet hat, hat nichts bewiesen. Bitte {variable} wie beim ersten Start setzen oder "
    "einen anderen Ordner nehmen. Waren alle Empfänger nur Proben, dann db/subscriptions.sqlite* und {mark} löschen.",
    "relay_without_portal": "{relay} ist gesetzt: Dann gehen E-Mails an Menschen, und die Links darin müssen sich "
    "öffnen lassen. Bitte {variable} auf die öffentliche Adresse des Portals setzen (https://…).",
    "relay_without_sender": "{relay} ist gesetzt: Dann gehen E-Mails an Menschen. Bitte {variable} auf den Absender "
    "setzen, zum Beispiel „Stadt Beispiel <meldungen@stadt.example>“.",
    "staff_added": "„{name}“ ist eingetragen. Link und PIN werden nur jetzt gezeigt; bitte getrennt übergeben:",
    "staff_link": "Link: {url}",
    "staff_pin": "PIN:  {pin}",
    "staff_how": "Den Link einmal auf dem Gerät öffnen, dann die PIN eingeben.",
    "staff_title": "Geräte des Personals",
    "staff_none": "Noch ist kein Gerät eingetragen. Das erste trägt „rathaus staff add“ ein.",
    "staff_name": "Gerät",
    "staff_roles": "Aufgaben",
    "staff_pools": "Bäder",
    "staff_since": "seit",
    "staff_last_used": "zuletzt angemeldet",
    "staff_state": "Stand",
    "staff_signed_in": "angemeldet",
    "staff_signed_out": "abgemeldet",
    "staff_locked": "gesperrt bis {time}",
    "role_attendant": "Badeaufsicht",
    "role_clerk": "Sachbearbeitung",
    "role_approver": "Freigabe",
    "staff_removed": "„{name}“ ist ausgetragen; Link, PIN und Anmeldungen gelten nicht mehr.",
    "staff_renewed": "Neue PIN für „{name}“, nur jetzt gezeigt; angemeldet ist dort niemand mehr:",
    "no_such_device": "Ein Gerät „{name}“ ist nicht eingetragen. Eingetragen sind: {known}.",
    "no_such_pool": "Ein Bad „{pool}“ gibt es nicht. Es gibt: {known}.",
    "no_slug": "„{name}“ geht nicht als Name: bitte Kleinbuchstaben, Ziffern und Bindestriche, höchstens 64 Zeichen.",
    "pool_missing": "Wer die Aufsicht hat, braucht ein Bad: bitte --pool angeben.",
    "none_known": "keins",
    "import_too_large": "Die Datei {file} ist mit {size} MB zu groß (höchstens {most} MB).",
    "import_counts": "Neu: {added}, ergänzt: {merged}, schon da: {unchanged}, abgelehnt: {refused}.",
    "import_refused": "Abgelehnte Zeilen",
    "import_partly": "Teilweise übernommene Zeilen",
    "import_line": "Zeile",
    "import_what": "Was",
    "import_reason": "Grund",
    "import_more": "… und {count} weitere.",
    "import_list": "Alle diese Zeilen mit Grund stehen in {file}.",
    "import_not_utf8": "Die Datei {file} ist nicht in UTF-8 geschrieben (vermutlich Windows-1252); übernommen ist "
    "nichts. In Excel: Datei, Speichern unter, Dateityp „CSV UTF-8 (durch Trennzeichen getrennt) (*.csv)“.",
    "bounce_stopped": "Diese Adresse bekommt keine E-Mails mehr.",
    "bounce_nothing": "Nichts geändert: {reason}",
    "bounce_empty": "Es kam keine Nachricht. Sie wird auf der Standardeingabe erwartet.",
}

ENGLISH: Mapping[str, str] = {
    "portal_at": "The portal: {url}",
    "inbox_at": "What would be sent is in the simulated inbox: {url}",
    "other_relay": "The recipients in {home} belong to another mail relay (simulator or real): whoever signed up in "
    "the simulated inbox has proved nothing. Please set {variable} as at the first start or take another folder. If "
    "all recipients were samples only, delete db/subscriptions.sqlite* and {mark}.",
    "relay_without_portal": "{relay} is set: mails then go to people, and the links in them must open. Please set "
    "{variable} to the public address of the portal (https://…).",
    "relay_without_sender": "{relay} is set: mails then go to people. Please set {variable} to their sender, for "
    "example “Stadt Beispiel <meldungen@stadt.example>”.",
    "staff_added": "“{name}” is registered. Link and PIN are shown only now; please hand them over separately:",
    "staff_link": "Link: {url}",
    "staff_pin": "PIN:  {pin}",
    "staff_how": "Open the link on the device once, then enter the PIN.",
    "staff_title": "Devices of the staff",
    "staff_none": "No device is registered yet. `rathaus staff add` registers the first.",
    "staff_name": "Device",
    "staff_roles": "Roles",
    "staff_pools": "Pools",
    "staff_since": "since",
    "staff_last_used": "last signed in",
    "staff_state": "State",
    "staff_signed_in": "signed in",
    "staff_signed_out": "signed out",
    "staff_locked": "locked until {time}",
    "role_attendant": "pool attendant",
    "role_clerk": "clerk",
    "role_approver": "approver",
    "staff_removed": "“{name}” is removed; link, PIN and sessions open nothing any more.",
    "staff_renewed": "New PIN for “{name}”, shown only now; nobody is signed in there any more:",
    "no_such_device": "No device “{name}” is registered. Registered: {known}.",
    "no_such_pool": "There is no pool “{pool}”. There are: {known}.",
    "no_slug": "“{name}” cannot be a name: lower-case letters, digits and hyphens, at most 64 characters, please.",
    "pool_missing": "An attendant needs a pool: please give --pool.",
    "none_known": "none",
    "import_too_large": "The file {file} has {size} MB, which is too much (at most {most} MB).",
    "import_counts": "New: {added}, added to: {merged}, there already: {unchanged}, refused: {refused}.",
    "import_refused": "Refused rows",
    "import_partly": "Lines that were taken over in part",
    "import_line": "Line",
    "import_what": "What",
    "import_reason": "Reason",
    "import_more": "… and {count} more.",
    "import_list": "All these rows with reasons are in {file}.",
    "import_not_utf8": "The file {file} is not written in UTF-8 (probably Windows-1252); nothing was taken over. In "
    "Excel: File, Save As, file type “CSV UTF-8 (Comma delimited) (*.csv)”.",
    "bounce_stopped": "This address gets no more e-mail.",
    "bounce_nothing": "Nothing changed: {reason}",
    "bounce_empty": "There was no message. It is expected on standard input.",
}
