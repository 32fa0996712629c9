"""Turns workbooks into XForms by pyxform: one path a line comes in, the form lies beside it."""

import pathlib
import sys

from pyxform.xls2xform import convert

for line in sys.stdin:
    workbook = pathlib.Path(line.strip())
    try:
        form = convert(xlsform=workbook, validate=False, pretty_print=False).xform
    except Exception as error:  # Whatever it is, it is this form's answer.
        workbook.with_suffix(".error").write_text(str(error), encoding="utf-8")
        continue
    workbook.with_suffix(".xml").write_text(form, encoding="utf-8")
