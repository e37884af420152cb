"""The GraphQL schema, from the file `schema.graphql`."""

import re
from importlib.resources import files

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, build_schema


def _read_schema() -> GraphQLSchema:
    """Return the schema; fields receive an argument such as `followRenames` as `follow_renames`."""
    text = (files(__package__) / "schema.graphql").read_text(encoding="utf-8")
    schema = build_schema(text)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                for name, argument in field.args.items():
                    argument.out_name = re.sub(r"([A-Z])", r"_\1", name).lower()
    return schema


SCHEMA = _read_schema()
