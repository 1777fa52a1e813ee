"""What people call a document, in four languages: folded into the words of every asset that is one. Data only.

The stems of FTS5 are English, so German, French and Spanish words stand in each of their forms."""

NAMES: dict[str, str] = {
    "receipt": "receipt bill invoice Quittung Quittungen Kassenzettel Kassenzetteln Kassenbon Kassenbons Bon Bons Beleg Belege"
    " Belegen Rechnung Rechnungen reçu reçus ticket tickets facture factures recibo recibos factura facturas",
    "identity": "identity ID document Ausweis Ausweise Ausweisen Personalausweis Ausweisdokument papiers pièce d'identité carte"
    " documento identidad DNI",
    "passport": "passport Pass Pässe Reisepass Reisepässe passeport passeports pasaporte pasaportes",
    "whiteboard": "whiteboard flipchart Tafel Tafeln Tafelbild Tafelbilder tableau blanc tableaux pizarra pizarras",
    "screenshot": "screenshot Bildschirmfoto Bildschirmfotos capture d'écran captura pantalla",
    "handwriting": "handwriting handwritten notes Handschrift handschriftlich handgeschrieben Notizen écriture manuscrit"
    " manuscrite manuscrites notes manuscrito manuscrita escritura notas",
    "page": "document page letter Seite Seiten Dokument Dokumente Schreiben Schriftstück document documents page pages documento"
    " documentos página páginas",
}


def document_words(kind: str | None, reason: str) -> str:
    """Return the words for a kind of document; for a passport those too, when the rules' reason says that it is one."""
    passport = NAMES["passport"] if kind == "identity" and "pass" in reason.lower() else ""
    return f"{NAMES[kind]} {passport}".strip() if kind else ""
