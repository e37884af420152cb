"""What GitHub computes of a query before it runs: its nodes, its cost, and the scopes it needs.

Sources: GitHub's docs, "Rate limits and query limits for the GraphQL API" (both formulas and the
limit), and GitHub's public responses: a query for too many nodes, or of a token without a scope, is
refused as a whole, with entries that have no `path` (python.cz issue 250, raycast/extensions issue
3881, github/docs issue 19712).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)
from graphql.utilities import get_operation_ast

from simulated_github.graphql.nodes import FieldError
from simulated_github.graphql.schema import SCHEMA
from simulated_github.records.accounts import Token
from simulated_github.rules import access

MOST_NODES = 500_000
#: The scopes of which a classic token needs one to read any field of a type. Sources: the messages
#: of public responses; for members of an organization an assumption, as REST requires it.
_SCOPES: Mapping[str, tuple[str, ...]] = {
    "Team": ("read:org", "read:discussion"),
    "OrganizationMemberEdge": ("read:org",),
    "OrganizationInvitation": ("read:org",),
}
#: The connections whose items are repositories, and the types whose field is one repository.
_REPOSITORY_LISTS = ("RepositoryConnection", "TeamRepositoryConnection")
_REPOSITORY_OWNERS = ("Query", "Organization")


@dataclass(slots=True)
class Analysis:
    """The result for one query.

    `fetches` is the number of connections that GitHub would load, `repositories` the number of
    repositories that the query reads at most.
    """

    nodes: int = 0
    fetches: int = 0
    repositories: int = 0
    scoped_fields: list[tuple[FieldNode, tuple[str, ...]]] = field(default_factory=list)

    @property
    def cost(self) -> int:
        """The points that the query costs: one for each hundred connections, at least one."""
        return max(1, round(self.fetches / 100))

    def refusals(self, token: Token) -> list[GraphQLError]:
        """Return the reasons why GitHub does not run the query."""
        if self.nodes > MOST_NODES:
            message = (
                f"This query requests up to {self.nodes:,} possible nodes which exceeds the "
                f"maximum limit of {MOST_NODES:,}."
            )
            return [_refusal("MAX_NODE_LIMIT_EXCEEDED", message)]
        if token.installation is not None:
            return []
        granted = access.token_scopes(token)
        return [
            _refusal("INSUFFICIENT_SCOPES", _scope_message(node, scopes, token), node)
            for node, scopes in self.scoped_fields
            if granted.isdisjoint(scopes)
        ]


def analyze(
    document: DocumentNode, operation_name: str | None, variables: dict[str, Any] | None
) -> Analysis:
    """Return the analysis of a valid query; empty when it has no such operation."""
    operation = get_operation_ast(document, operation_name)
    if operation is None or SCHEMA.query_type is None:
        return Analysis()
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    analysis = Analysis()
    walk = _Walk(analysis, fragments, _defaults(operation) | (variables or {}))
    walk.selections(operation.selection_set, SCHEMA.query_type, 1)
    return analysis


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    """Return the default values of the variables that are whole numbers, by name."""
    return {
        definition.variable.name.value: int(definition.default_value.value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode)
    }


class _Walk:
    """A walk through a query; `factor` is how many objects a selection is read of."""

    def __init__(
        self,
        analysis: Analysis,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: dict[str, Any],
    ) -> None:
        self._analysis = analysis
        self._fragments = fragments
        self._variables = variables

    def selections(self, selections: SelectionSetNode, parent: Any, factor: int) -> None:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                self._field(selection, parent, factor)
            elif isinstance(selection, FragmentSpreadNode):
                self._fragment(self._fragments[selection.name.value], parent, factor)
            elif isinstance(selection, InlineFragmentNode):
                self._fragment(selection, parent, factor)

    def _fragment(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, parent: Any, factor: int
    ) -> None:
        condition = fragment.type_condition
        kind = SCHEMA.get_type(condition.name.value) if condition else parent
        self.selections(fragment.selection_set, kind, factor)

    def _field(self, node: FieldNode, parent: Any, factor: int) -> None:
        name = node.name.value
        if name.startswith("__") or not isinstance(
            parent, GraphQLObjectType | GraphQLInterfaceType
        ):
            return
        if parent.name in _SCOPES:
            self._analysis.scoped_fields.append((node, _SCOPES[parent.name]))
        kind = get_named_type(parent.fields[name].type)
        if kind.name.endswith("Connection"):
            size = self._page_size(node)
            self._analysis.nodes += factor * size
            self._analysis.fetches += factor
            factor *= size or 1
            if kind.name in _REPOSITORY_LISTS:
                self._analysis.repositories += factor
        elif kind.name == "Repository" and parent.name in _REPOSITORY_OWNERS:
            self._analysis.repositories += factor
        if node.selection_set is not None:
            self.selections(node.selection_set, kind, factor)

    def _page_size(self, node: FieldNode) -> int:
        """Return the size of the page that a connection requests, 0 without one."""
        values = {argument.name.value: argument.value for argument in node.arguments or ()}
        sizes = (self._read_size(values.get(name)) for name in ("first", "last"))
        return next((size for size in sizes if size > 0), 0)

    def _read_size(self, value: ValueNode | None) -> int:
        if isinstance(value, IntValueNode):
            return int(value.value)
        if isinstance(value, VariableNode):
            size = self._variables.get(value.name.value)
            return size if isinstance(size, int) else 0
        return 0


def _scope_message(node: FieldNode, scopes: tuple[str, ...], token: Token) -> str:
    granted = ", ".join(f"'{scope}'" for scope in sorted(token.scopes)) or "''"
    required = ", ".join(f"'{scope}'" for scope in scopes)
    return (
        "Your token has not been granted the required scopes to execute this query. The "
        f"'{node.name.value}' field requires one of the following scopes: [{required}], but your "
        f"token has only been granted the: [{granted}] scopes. Please modify your token's scopes "
        "at: https://github.com/settings/tokens."
    )


def _refusal(kind: str, message: str, node: FieldNode | None = None) -> GraphQLError:
    return GraphQLError(message, node, original_error=FieldError(kind, message))
