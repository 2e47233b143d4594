"""Makes the models of the tests in the folder that is named: python3 make_models.py FOLDER."""

import pathlib
import pickle
import sys
import types

import joblib
import numpy as np
import sklearn
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

root = pathlib.Path(sys.argv[1])


def folder(name, mlmodel):
    made = root / name
    made.mkdir(parents=True)
    (made / "MLmodel").write_text(mlmodel)
    return made


SKLEARN = f"""\
artifact_path: model
flavors:
  python_function:
    env: {{conda: conda.yaml, virtualenv: python_env.yaml}}
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.11.2
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: {sklearn.__version__}
mlflow_version: 2.17.2
"""

# The tutorial's, as its train_and_register.py trains it.
iris = load_iris()
train, _, wanted, _ = train_test_split(iris.data, iris.target, test_size=0.2, random_state=42)
forest = RandomForestClassifier(n_estimators=150, max_depth=10, random_state=42).fit(train, wanted)
(folder("iris", SKLEARN) / "model.pkl").write_bytes(pickle.dumps(forest))

bare = root / "joblib"
bare.mkdir()
joblib.dump(LinearRegression().fit(np.arange(4.0).reshape(4, 1), np.arange(4.0)), bare / "model.joblib")

PYFUNC = """\
flavors:
  python_function:
    loader_module: mlflow.pyfunc.model
    python_model: python_model.pkl
    cloudpickle_version: 3.0.0
"""


def instance(module, name):
    """An object of a class that this Python does not have."""
    made = types.ModuleType(module)
    exec(f"class {name}: pass", made.__dict__)
    sys.modules[module] = made
    return pickle.dumps(getattr(made, name)())


(folder("missing", PYFUNC) / "python_model.pkl").write_bytes(instance("nowhere", "Net"))

yard = folder("yard", PYFUNC + "    code: code\n")
(yard / "python_model.pkl").write_bytes(instance("yard", "Yard"))
(yard / "code").mkdir()
(yard / "code" / "yard.py").write_bytes((pathlib.Path(__file__).parent / "yard.py").read_bytes())


class Hostile:
    def __reduce__(self):
        return (eval, (f"open({str(root / 'harmed')!r}, 'w')",))


(folder("hostile", SKLEARN) / "model.pkl").write_bytes(pickle.dumps(Hostile()))

if len(sys.argv) > 2:
    import torch

    torch.manual_seed(1)
    network = folder("network", "flavors:\n  python_function: {loader_module: mlflow.pytorch, data: data}\n  pytorch: {model_data: data, pytorch_version: 1.13.1}\n")
    (network / "data").mkdir()
    linear = torch.nn.Linear(2, 1)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[1.0, 2.0]]))
        linear.bias.zero_()
    torch.save(torch.nn.Sequential(linear, torch.nn.ReLU()), network / "data" / "model.pth")
