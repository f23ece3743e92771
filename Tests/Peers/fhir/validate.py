"""Checks FHIR R4 resources with the package fhir.resources, which knows nothing of this project.

Reads one JSON resource a line and prints one verdict a line: "valid", or "invalid: " and what is wrong. The package
checks structure, types and cardinalities; it knows the codes of required value sets without checking them, so that is
done here.
"""

import json
import sys

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel, ValidationError


def wrong_codes(element, place):
    """The places below an element where a code is not one of its value set."""
    for name, field in type(element).model_fields.items():
        value = getattr(element, name)
        if value is None:
            continue
        known = (field.json_schema_extra or {}).get("enum_values")
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, BaseModel):
                yield from wrong_codes(item, f"{place}.{name}")
            elif known and isinstance(item, str) and item not in known:
                yield f"{place}.{name} is none of {', '.join(known)}"


def verdict(line):
    try:
        resource = json.loads(line)
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(kind, str):
            return "invalid: no resourceType"
        checked = get_fhir_model_class(kind).model_validate_json(line)
        problems = list(wrong_codes(checked, kind))
        return "invalid: " + "; ".join(problems) if problems else "valid"
    except ValidationError as error:
        places = {".".join(str(part) for part in item["loc"]) + " " + item["msg"] for item in error.errors()}
        return "invalid: " + "; ".join(sorted(places))
    except (LookupError, ValueError) as error:
        return f"invalid: {type(error).__name__}"


for line in sys.stdin:
    print(verdict(line).replace("\n", " "), flush=True)
