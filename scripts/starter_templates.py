"""Writes the templates that ship, data/templates/LANGUAGE/NAME.docx: `python -m scripts.starter_templates`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from docx.document import Document
from docx.shared import Pt

from scripts.paper import (
    WIDTH,
    content_of,
    first_line,
    line,
    page_numbers,
    paper,
    picture,
    repeat_head,
    row,
    table,
)

FOLDER = Path(__file__).parent.parent / "data" / "templates"
LOCALES = {"en": "en-GB", "it": "it-IT"}
Words: TypeAlias = Mapping[str, str]

_ROWS = (1.0, 6.0, 1.7, 2.6, 1.6, 1.3, 2.8)
_SUMS = (5.4, 3.4)

ENGLISH: Words = {
    "pages": "Page {} of {}",
    "to": "To",
    "attention": "For the attention of {ContactFormattedName}",
    "number": "Number", "date": "Date",
    "valid": "{#CloseDate}Valid until{/CloseDate}", "due": "{#PayBefore}Please pay by{/PayBefore}",
    "contact": "{#ResponsibleName}Your contact{/ResponsibleName}",
    "heads": "No.|Description|Qty|Unit price|Disc.|Tax|Amount",
    "net": "{#TotalBeforeTax}Total without tax{/TotalBeforeTax}", "tax": "Tax {TaxesTaxRate}% on {TaxesTaxBase}", "total": "Total",
    "words": "{#TotalSum}In words: {TotalSum~W=Y}{/TotalSum}",
    "discount": "{#TotalDiscount}Discounts of {TotalDiscount} are already taken off.{/TotalDiscount}",
    "offer": "Offer", "offer_about": "{Title}",
    "offer_hello": "Dear {#ContactFormattedName}{ContactFormattedName}{/ContactFormattedName}{^ContactFormattedName}Sir or Madam"
    "{/ContactFormattedName},",
    "offer_begin": "thank you for your interest. We are pleased to offer you the following:",
    "terms": "Terms",
    "offer_terms": "{#CloseDate}This offer is valid until **{CloseDate~j F Y}**. {/CloseDate}"
    "{#Currency}Prices are in {Currency}. {/Currency}"
    "Payment is due within 30 days of the invoice, without deductions.",
    "offer_end": "{#ResponsibleName}If you have any questions, please get in touch: {ResponsibleName}"
    "{#ResponsibleEmail}, {ResponsibleEmail}{/ResponsibleEmail}. {/ResponsibleName}We look forward to working with you.",
    "regards": "Kind regards",
    "accepted": "Accepted", "sign": "Place, date and signature",
    "invoice": "Invoice", "invoice_begin": "For the following goods and services we invoice you:",
    "payment": "Payment",
    "invoice_terms": "{#PayBefore}Please pay **{TotalSum}** by **{PayBefore~j F Y}**{/PayBefore}{^PayBefore}"
    "Please pay **{TotalSum}** within 30 days{/PayBefore}, stating the number **{DocumentNumber}**.",
    "bank": "To: {MyCompanyBank}",
    "invoice_end": "Thank you for your business.",
    "contract": "Contract", "us": "The Supplier", "them": "The Client",
    "subject": "1. Subject",
    "subject_text": "The Supplier undertakes to provide the Client with the following: **{Title}**.",
    "subject_row": "{ProductsProductName}, {ProductsProductQuantity} {ProductsProductMeasure}",
    "price": "2. Price and payment",
    "price_text": "The price is **{TotalSum}** ({TotalSum~W=Y}), of which tax {TotalTax}. It is due within 30 days of the invoice.",
    "time": "3. Term",
    "time_text": "The contract begins on {#StartDate}{StartDate~j F Y}{/StartDate}{^StartDate}the day of its signature{/StartDate}"
    "{#CloseDate} and ends on {CloseDate~j F Y}{/CloseDate}.",
    "duties": "4. Duties of the parties",
    "duties_text": "The Supplier works with the care that is usual in the trade and tells the Client at once of anything "
    "that delays the work. The Client gives in good time the information and access that the work needs. "
    "Both keep confidential what they learn of one another.",
    "changes": "5. Changes and law",
    "changes_text": "Changes and additions are valid only in writing. If one of these terms is void, the others remain. The law "
    "of the Supplier's country applies.",
    "signed": "Signed",
    "for_us": "For the Supplier: {MyCompanyTitle}", "for_them": "For the Client: {ClientName}",
}  # fmt: skip

ITALIAN: Words = {
    "pages": "Pagina {} di {}",
    "to": "Spett.le",
    "attention": "Alla cortese attenzione di {ContactFormattedName}",
    "number": "Numero", "date": "Data",
    "valid": "{#CloseDate}Valida fino al{/CloseDate}", "due": "{#PayBefore}Scadenza{/PayBefore}",
    "contact": "{#ResponsibleName}Il Suo referente{/ResponsibleName}",
    "heads": "N.|Descrizione|Q.tà|Prezzo unitario|Sconto|IVA|Importo",
    "net": "{#TotalBeforeTax}Imponibile{/TotalBeforeTax}", "tax": "IVA {TaxesTaxRate}% su {TaxesTaxBase}", "total": "Totale",
    "words": "{#TotalSum}In lettere: {TotalSum~W=Y}{/TotalSum}",
    "discount": "{#TotalDiscount}Sono già dedotti sconti per {TotalDiscount}.{/TotalDiscount}",
    "offer": "Offerta", "offer_about": "{Title}",
    "offer_hello": "Gentile {#ContactFormattedName}{ContactFormattedName}{/ContactFormattedName}{^ContactFormattedName}Cliente"
    "{/ContactFormattedName},",
    "offer_begin": "La ringraziamo per l'interesse e siamo lieti di proporLe quanto segue:",
    "terms": "Condizioni",
    "offer_terms": "{#CloseDate}La presente offerta è valida fino al **{CloseDate~j F Y}**. {/CloseDate}"
    "{#Currency}I prezzi sono in {Currency}. {/Currency}"
    "Pagamento a 30 giorni dalla data della fattura, senza deduzioni.",
    "offer_end": "{#ResponsibleName}Per ogni domanda può rivolgersi a {ResponsibleName}"
    "{#ResponsibleEmail}, {ResponsibleEmail}{/ResponsibleEmail}. {/ResponsibleName}Restiamo in attesa di un Suo cortese riscontro.",
    "regards": "Cordiali saluti",
    "accepted": "Per accettazione", "sign": "Luogo, data e firma",
    "invoice": "Fattura", "invoice_begin": "Per i beni e i servizi seguenti:",
    "payment": "Pagamento",
    "invoice_terms": "{#PayBefore}La preghiamo di versare **{TotalSum}** entro il **{PayBefore~j F Y}**{/PayBefore}{^PayBefore}"
    "La preghiamo di versare **{TotalSum}** entro 30 giorni{/PayBefore}, indicando il numero **{DocumentNumber}**.",
    "bank": "A favore di: {MyCompanyBank}",
    "invoice_end": "Grazie per la fiducia.",
    "contract": "Contratto", "us": "Il Fornitore", "them": "Il Cliente",
    "subject": "1. Oggetto",
    "subject_text": "Il Fornitore si impegna a fornire al Cliente quanto segue: **{Title}**.",
    "subject_row": "{ProductsProductName}, {ProductsProductQuantity} {ProductsProductMeasure}",
    "price": "2. Prezzo e pagamento",
    "price_text": "Il prezzo è di **{TotalSum}** ({TotalSum~W=Y}), di cui imposta {TotalTax}. È dovuto entro 30 giorni dalla fattura.",
    "time": "3. Durata",
    "time_text": "Il contratto decorre {#StartDate}dal {StartDate~j F Y}{/StartDate}{^StartDate}dal giorno della firma{/StartDate}"
    "{#CloseDate} e termina il {CloseDate~j F Y}{/CloseDate}.",
    "duties": "4. Obblighi delle parti",
    "duties_text": "Il Fornitore lavora con la diligenza propria del settore e informa subito il Cliente di tutto ciò che "
    "ritarda il lavoro. Il Cliente fornisce in tempo utile le informazioni e gli accessi necessari. Entrambi "
    "mantengono riservato ciò che apprendono l'uno dell'altro.",
    "changes": "5. Modifiche e legge applicabile",
    "changes_text": "Modifiche e aggiunte sono valide solo per iscritto. Se una clausola è nulla, le altre restano valide. Si "
    "applica la legge del paese del Fornitore.",
    "signed": "Firme",
    "for_us": "Per il Fornitore: {MyCompanyTitle}", "for_them": "Per il Cliente: {ClientName}",
}  # fmt: skip


def offer(words: Words, locale: str) -> Document:
    """To whom, about what, the product rows with sums and taxes, terms, both signatures."""
    document = _letter(words, locale, words["offer"], [(words["valid"], "{CloseDate~j F Y}")])
    line(document, words["offer_about"], "Heading 1")
    line(document, words["offer_hello"])
    line(document, words["offer_begin"])
    _products(document, words)
    line(document, words["terms"], "Heading 2")
    line(document, words["offer_terms"])
    line(document, words["offer_end"])
    _signatures(document, words["regards"], "{MyCompanyTitle}", words["accepted"], words["sign"])
    return document


def invoice(words: Words, locale: str) -> Document:
    """The product rows with sums and taxes, when to pay and where to."""
    document = _letter(words, locale, words["invoice"], [(words["due"], "{PayBefore~j F Y}")])
    line(document, words["invoice_begin"])
    _products(document, words)
    line(document, words["payment"], "Heading 2")
    line(document, words["invoice_terms"])
    for part in ("{#MyCompanyBank}", words["bank"], "{/MyCompanyBank}"):
        line(document, part)
    line(document, words["invoice_end"])
    return document


def contract(words: Words, locale: str) -> Document:
    """Who with whom, what, for how much, how long, and two signatures."""
    document = paper(locale)
    _head(document, words)
    title = line(document, f"{words['contract']} {{DocumentNumber}}", "Title")
    title.paragraph_format.space_before = Pt(22)
    title.paragraph_format.space_after = Pt(8)
    widths = (WIDTH / 2, WIDTH / 2)
    parties = table(document, widths)
    row(parties, widths, (words["us"], words["them"]), "Label")
    for cell, name, address in zip(
        parties.rows[0].cells, ("MyCompanyTitle", "ClientName"), ("MyCompanyAddress", "ClientAddress"), strict=True
    ):
        line(cell, f"**{{{name}}}**").paragraph_format.space_after = Pt(0)
        line(cell, f"{{{address}}}", "Row")
    for part in ("subject", "price", "time", "duties", "changes"):
        line(document, words[part], "Heading 1")
        line(document, words[f"{part}_text"])
        if part == "subject":
            line(document, "{#Products}")
            line(document, words["subject_row"], "List Bullet").paragraph_format.space_after = Pt(2)
            line(document, "{/Products}")
    line(document, f"{words['signed']}, {{DocumentCreateTime~j F Y}}", "Heading 1")
    _signatures(document, words["for_us"], "", words["for_them"], words["sign"])
    return document


def _head(document: Document, words: Words) -> None:
    """Logo and sender on the first page, number and pages on each."""
    section = document.sections[0]
    widths = (9.0, WIDTH - 9.0)
    top = table(document, widths)
    row(top, widths, ("", ""), "From")
    left, right = top.rows[0].cells
    picture(left.paragraphs[0], "{MyCompanyUfLogo}", 5.4, 1.8)
    first_line(right, "{MyCompanyTitle}", "From Name", right=True)
    line(right, "{MyCompanyAddress}", "From", right=True)
    line(right, "{#MyCompanyPhone}{MyCompanyPhone}{/MyCompanyPhone}", "From", right=True)
    line(right, "{#MyCompanyEmail}{MyCompanyEmail}{/MyCompanyEmail}", "From", right=True)
    page_numbers(
        section.footer,
        "{#MyCompanyTitle}{MyCompanyTitle}  ·  {/MyCompanyTitle}{DocumentTitle} {DocumentNumber}",
        words["pages"],
    )


def _letter(words: Words, locale: str, title: str, dates: list[tuple[str, str]]) -> Document:
    document = paper(locale)
    _head(document, words)
    heading = line(document, title, "Title")
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(20), Pt(8)
    widths = (9.4, 3.2, WIDTH - 12.6)
    who = table(document, widths)
    about = [(words["number"], "{DocumentNumber}"), (words["date"], "{DocumentCreateTime~j F Y}"),
             (words["contact"], "{ResponsibleName}"), *dates]  # fmt: skip
    for label, value in about:
        row(who, widths, ("", label, value), "Row")
        who.rows[-1].cells[1].paragraphs[0].style = "Label"
    client = who.cell(0, 0).merge(who.cell(len(about) - 1, 0))
    for extra in client.paragraphs[1:]:
        extra._element.getparent().remove(extra._element)
    first_line(client, words["to"], "Label")
    line(client, "**{ClientName}**", "Normal").paragraph_format.space_after = Pt(0)
    line(client, "{ClientAddress}", "Row")
    line(client, f"{{#ContactFormattedName}}{words['attention']}{{/ContactFormattedName}}", "Row")
    line(document, "", "Small Print")
    return document


def _products(document: Document, words: Words) -> None:
    rows = table(document, _ROWS, "Lined Rows")
    right = (0, 2, 3, 4, 5, 6)
    row(rows, _ROWS, words["heads"].split("|"), "Row Head", right)
    repeat_head(rows)
    names = ("{ProductsIndex}", "{ProductsProductName}", "{ProductsProductQuantity} {ProductsProductMeasure}",
             "{ProductsProductPrice}",
             "{ProductsProductDiscount}", "{#ProductsProductTaxRate}{ProductsProductTaxRate}%{/ProductsProductTaxRate}",
             "{ProductsProductPriceSum}")  # fmt: skip
    row(rows, _ROWS, names, "Row", right)
    line(document, "", "Small Print").paragraph_format.keep_with_next = True
    sums = table(document, _SUMS, right=True)
    for label, value, style in (
        (words["net"], "{TotalBeforeTax}", "Sum"),
        (words["tax"], "{TaxesTaxSum}", "Sum"),
        (words["total"], "{TotalSum}", "Grand Total"),
    ):  # fmt: skip
        row(sums, _SUMS, (label, value), style, (1,))
        for cell in sums.rows[-1].cells:
            cell.paragraphs[0].paragraph_format.space_before = Pt(2)
    line(document, words["words"], "Small Print", right=True).paragraph_format.space_before = Pt(3)
    line(document, words["discount"], "Small Print", right=True)


def _signatures(document: Document, ours: str, name: str, theirs: str, sign: str) -> None:
    widths = (WIDTH / 2, WIDTH / 2)
    made = table(document, widths)
    row(made, widths, (ours, theirs), "Row")
    row(made, widths, ("", sign), "Label")
    left, right = made.rows[1].cells
    place = left.paragraphs[0]
    place.paragraph_format.space_before = Pt(6)
    picture(place, "{MyCompanyUfDirectorSign}", 4.0, 1.6)
    picture(place, "{MyCompanyUfStamp}", 2.6, 2.6)
    if name:
        line(left, name, "Row")
    right.paragraphs[0].style = "Signature Line"
    for cell in made.rows[0].cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        cell.paragraphs[0].paragraph_format.space_before = Pt(14)


TEMPLATES: Mapping[str, Callable[[Words, str], Document]] = {"offer": offer, "invoice": invoice, "contract": contract}


def write(folder: Path) -> None:
    """All of them, in both languages."""
    for language, words in (("en", ENGLISH), ("it", ITALIAN)):
        (folder / language).mkdir(parents=True, exist_ok=True)
        for name, make in TEMPLATES.items():
            document = make(words, LOCALES[language])
            properties = document.core_properties
            properties.title, properties.author, properties.comments = words[name], "", ""
            (folder / language / f"{name}.docx").write_bytes(content_of(document))


if __name__ == "__main__":
    write(FOLDER)
