"""The published Python SDK, read as text: resources, functions and settings of the provider.

Nothing is imported, because the SDK's own objects show names and types only to Pulumi's internals.
"""

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

Shape: TypeAlias = "str | dict[str, Shape | dict[str, Shape]]"
Properties: TypeAlias = dict[str, Shape]
Signatures: TypeAlias = dict[str, dict[str, Properties]]

PRIMITIVES = {"str": "string", "bool": "boolean", "int": "integer", "float": "number"}
TRANSPARENT = {"Input", "Output", "Optional"}
INHERITED: Properties = {"id": "string"}


def resources() -> Signatures:
    """Return each resource's inputs and outputs, by its token."""
    return {
        token: {
            "inputs": properties_of(arguments_class(classes)),
            "outputs": properties_of(classes[name]) | INHERITED,
        }
        for classes in map(classes_in, modules())
        for name, token in tokens_of_resources(classes)
    }


def settings() -> Properties:
    """Return the provider's own configuration."""
    return properties_of(
        classes_in(ast.parse((sdk_directory() / "provider.py").read_text()))["ProviderArgs"]
    )


def functions() -> Signatures:
    """Return each function's arguments and results, by its token."""
    return {
        token: {
            "inputs": arguments_of(function),
            "outputs": properties_of(classes_in(module)[result]),
        }
        for module in modules()
        for function in module.body
        if isinstance(function, ast.FunctionDef) and not function.name.endswith("_output")
        for token, result in invocations_in(function)
    }


@cache
def modules() -> list[ast.Module]:
    return [ast.parse(path.read_text()) for path in sorted(sdk_directory().glob("*.py"))]


@cache
def nested_types() -> dict[str, ast.ClassDef]:
    """Return the classes of nested objects; outputs have the prefix `outputs.`."""
    inputs = classes_in(ast.parse((sdk_directory() / "_inputs.py").read_text()))
    outputs = classes_in(ast.parse((sdk_directory() / "outputs.py").read_text()))
    return inputs | {f"outputs.{name}": definition for name, definition in outputs.items()}


def sdk_directory() -> Path:
    specification = importlib.util.find_spec("pulumi_github")
    assert specification is not None
    assert specification.origin is not None
    return Path(specification.origin).parent


def classes_in(module: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}


def tokens_of_resources(classes: dict[str, ast.ClassDef]) -> Iterator[tuple[str, str]]:
    for name, definition in classes.items():
        if [ast.unparse(base) for base in definition.bases] == ["pulumi.CustomResource"]:
            [token] = {text for text in texts_in(definition) if text.startswith("github:index/")}
            yield name, token


def arguments_class(classes: dict[str, ast.ClassDef]) -> ast.ClassDef:
    [definition] = (definition for name, definition in classes.items() if name.endswith("Args"))
    return definition


def invocations_in(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pulumi.runtime.invoke":
            [result] = (
                ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == "typ"
            )
            yield ast.literal_eval(call.args[0]), result


def texts_in(node: ast.AST) -> Iterator[str]:
    return (
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )


def properties_of(definition: ast.ClassDef) -> Properties:
    return {
        name: shape_of(member.returns)
        for member in definition.body
        if isinstance(member, ast.FunctionDef) and member.returns is not None
        for name in names_of_getter(member)
    }


def names_of_getter(member: ast.FunctionDef) -> Iterator[str]:
    """Yield the provider's name of the property; nothing for other members."""
    for decorator in member.decorator_list:
        if ast.unparse(decorator) == "pulumi.getter":
            yield member.name
        elif isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pulumi.getter":
            yield ast.literal_eval(decorator.keywords[0].value)


def arguments_of(function: ast.FunctionDef) -> Properties:
    annotations = {argument.arg: argument.annotation for argument in function.args.args}
    return {
        ast.literal_eval(target.slice): shape_of(annotations[ast.unparse(statement.value)])
        for statement in function.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Subscript) and ast.unparse(target.value) == "__args__"
    }


def shape_of(annotation: ast.expr | None) -> Shape:
    match annotation:
        case ast.Constant(value=str(name)):
            return shape_of(ast.parse(name, mode="eval").body)
        case ast.Subscript(value=outer, slice=inner):
            return shape_of_generic(ast.unparse(outer).removeprefix("pulumi."), inner)
        case ast.Attribute(value=ast.Name(id="_builtins"), attr=name):
            return PRIMITIVES[name]
        case ast.Name() | ast.Attribute():
            return {"object": properties_of(nested_types()[ast.unparse(annotation)])}
        case _:
            raise AssertionError(
                f"an annotation of a new kind: {ast.unparse(annotation) if annotation else None}"
            )


def shape_of_generic(outer: str, inner: ast.expr) -> Shape:
    if outer in TRANSPARENT:
        return shape_of(inner)
    if outer == "Sequence":
        return {"list": shape_of(inner)}
    if outer == "Mapping" and isinstance(inner, ast.Tuple):
        return {"map": shape_of(inner.elts[1])}
    raise AssertionError(f"a generic type of a new kind: {outer}")
