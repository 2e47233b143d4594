"""Makes the .onnx files beside it. It takes Debian's python3-onnx, which the tests do not: python3 make_models.py"""
import os

import onnx
from onnx import TensorProto as T
from onnx import helper as h

HERE = os.path.dirname(os.path.abspath(__file__))
OPSETS = [h.make_opsetid("", 15), h.make_opsetid("ai.onnx.ml", 2)]

# The mean of each class of Fisher's irises: the nearest one is the class.
MEANS = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]


def value(name, type, shape):
    return h.make_tensor_value_info(name, type, shape)


def save(path, nodes, inputs, outputs, constants=()):
    graph = h.make_graph(nodes, "slipway", inputs, outputs, list(constants))
    model = h.make_model(graph, opset_imports=OPSETS, producer_name="slipway-tests")
    model.ir_version = 8
    onnx.save(model, os.path.join(HERE, path))


def scores():
    """Twice the product with each mean, less its square: largest for the nearest mean."""
    weights = [2 * MEANS[k][f] for f in range(4) for k in range(3)]
    offsets = [-sum(x * x for x in mean) for mean in MEANS]
    return (
        [h.make_node("Gemm", ["X", "weights", "offsets"], ["scores"]), h.make_node("Softmax", ["scores"], ["probabilities"], axis=1)],
        [h.make_tensor("weights", T.FLOAT, [4, 3], weights), h.make_tensor("offsets", T.FLOAT, [3], offsets)],
    )


def iris():
    nodes, constants = scores()
    nodes.append(h.make_node("ArgMax", ["scores"], ["label"], axis=1, keepdims=0))
    save("iris/model.onnx", nodes, [value("X", T.FLOAT, [None, 4])], [value("label", T.INT64, [None]), value("probabilities", T.FLOAT, [None, 3])], constants)


def zipmap():
    """As skl2onnx ends classifiers: a sequence of maps from a class to its probability."""
    nodes, constants = scores()
    nodes.append(h.make_node("ZipMap", ["probabilities"], ["output_probability"], domain="ai.onnx.ml", classlabels_strings=["setosa", "versicolor", "virginica"]))
    maps = h.make_sequence_type_proto(h.make_map_type_proto(T.STRING, h.make_tensor_type_proto(T.FLOAT, None))) if hasattr(h, "make_map_type_proto") else None
    output = onnx.ValueInfoProto(name="output_probability")
    if maps is not None:
        output.type.CopyFrom(maps)
    else:
        output.type.sequence_type.elem_type.map_type.key_type = T.STRING
        output.type.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = T.FLOAT
    save("zipmap.onnx", nodes, [value("X", T.FLOAT, [None, 4])], [output], constants)


def mixed():
    """One input of each type, each answered as it is."""
    types = [("float", T.FLOAT), ("double", T.DOUBLE), ("int32", T.INT32), ("int64", T.INT64), ("bool", T.BOOL), ("text", T.STRING)]
    nodes = [h.make_node("Identity", [name], [name + "_out"]) for name, _ in types]
    save("mixed.onnx", nodes, [value(name, type, [None, 1]) for name, type in types], [value(name + "_out", type, [None, 1]) for name, type in types])


def slow():
    """Goes round as often as it is told, and answers that number: a prediction that takes as long as a test wants."""
    body = h.make_graph(
        [h.make_node("Identity", ["condition"], ["go_on"]), h.make_node("Add", ["count", "one"], ["next"])],
        "round",
        [value("round", T.INT64, []), value("condition", T.BOOL, []), value("count", T.INT64, [1])],
        [value("go_on", T.BOOL, []), value("next", T.INT64, [1])],
    )
    nodes = [
        h.make_node("Squeeze", ["rounds"], ["trips"]),
        h.make_node("Loop", ["trips", "true", "zero"], ["rounded"], body=body),
    ]
    constants = [h.make_tensor("true", T.BOOL, [], [True]), h.make_tensor("zero", T.INT64, [1], [0]), h.make_tensor("one", T.INT64, [1], [1])]
    save("slow.onnx", nodes, [value("rounds", T.INT64, [1])], [value("rounded", T.INT64, [1])], constants)


def greedy():
    """Takes as many floats of memory as it is told, and keeps them, for its allocator gives nothing back."""
    nodes = [
        h.make_node("ConstantOfShape", ["floats"], ["block"], value=h.make_tensor("value", T.FLOAT, [1], [1.0])),
        h.make_node("Exp", ["block"], ["touched"]),
        h.make_node("ReduceMax", ["touched"], ["largest"], keepdims=0),
    ]
    save("greedy.onnx", nodes, [value("floats", T.INT64, [1])], [value("largest", T.FLOAT, [])])


for make in (iris, zipmap, mixed, slow, greedy):
    make()
