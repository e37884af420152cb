"""What every mapping of the stack file has in common."""

from pydantic import BaseModel, ConfigDict


def kebab(field: str) -> str:
    return field.replace("_", "-")


class StackFileModel(BaseModel):
    """A mapping of the stack file: unknown keys are errors, and nothing is converted silently."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, alias_generator=kebab, hide_input_in_errors=True
    )
