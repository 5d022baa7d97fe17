/**
 * What Pydantic 2 no longer has.
 *
 * Source: `pydantic/_migration.py` (`REMOVED_IN_V2`) of Pydantic 2, and importing each of the other names.
 */

const words = (text: string): Set<string> => new Set(text.split(" "))

/** Modules of Pydantic 1 of which nothing can be imported any more. */
const EMPTY = words("pydantic.datetime_parse pydantic.env_settings pydantic.parse pydantic.schema pydantic.typing pydantic.validators")

const CONSTRAINED =
  "ConstrainedBytes ConstrainedDate ConstrainedDecimal ConstrainedFloat ConstrainedFrozenSet ConstrainedInt ConstrainedList ConstrainedSet " +
  "ConstrainedStr JsonWrapper NoneBytes NoneStr NoneStrBytes StrBytes"

const REMOVED: Record<string, ReadonlySet<string>> = {
  pydantic: words(
    `${CONSTRAINED} BaseSettings Protocol Required compiled create_model_from_namedtuple create_model_from_typeddict parse_file_as parse_raw_as ` +
      "stricturl validate_model",
  ),
  "pydantic.config": words("get_config inherit_config prepare_config"),
  "pydantic.dataclasses": words("create_pydantic_model_from_dataclass make_dataclass_validator set_validation"),
  "pydantic.error_wrappers": words("ErrorWrapper"),
  "pydantic.fields": words("ModelField Undefined UndefinedType SHAPE_LIST SHAPE_SINGLETON SHAPE_SET SHAPE_DICT SHAPE_TUPLE Validator"),
  "pydantic.main": words("ModelMetaclass validate_model"),
  "pydantic.networks": words("stricturl MultiHostDsn"),
  "pydantic.tools": words("parse_file_as parse_raw_as"),
  "pydantic.types": words(CONSTRAINED),
  "pydantic.utils": words(
    "ClassAttribute DUNDER_ATTRIBUTES PyObjectStr ValueItems almost_equal_floats get_discriminator_alias_and_values get_model " +
      "get_unique_discriminator_alias in_ipython is_valid_identifier path_type validate_field_name",
  ),
}

/** Does importing this name from this module of Pydantic raise under Pydantic 2? */
export function isGoneFromPydantic(module: string, name: string): boolean {
  if (EMPTY.has(module)) return true
  // Of its errors only those that are about Pydantic itself are left.
  if (module === "pydantic.errors") return /Error$/.test(name) && (!name.startsWith("Pydantic") || /^Pydantic(Type|Value)Error$/.test(name))
  return REMOVED[module]?.has(name) ?? false
}
