"""Validates SPDX and CycloneDX documents with the libraries of their projects; prints what is wrong, line by line."""

import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

for path in sys.argv[1:]:
    if path.endswith(".cdx.json"):
        with open(path, encoding="utf-8") as file:
            error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read())
        if error is not None:
            print(path, error)
    else:
        for message in validate_full_spdx_document(parse_file(path)):
            print(path, message.validation_message)
