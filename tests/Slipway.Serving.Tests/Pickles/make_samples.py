"""Makes the pickles in Samples/: python3 make_samples.py. Debian: python3-sklearn python3-pandas python3-torch."""

import collections
import datetime
import pathlib
import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import scipy.sparse
import torch
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

warnings.simplefilter("ignore")
folder = pathlib.Path(__file__).parent / "Samples"
folder.mkdir(exist_ok=True)
iris = load_iris()
few = slice(None, None, 10)
data, target = iris.data[few], iris.target[few]


def save(name, value, protocol=4):
    (folder / name).write_bytes(pickle.dumps(value, protocol))


models = {
    "forest": RandomForestClassifier(2, random_state=42),
    "boosted": GradientBoostingClassifier(n_estimators=1, max_depth=1),
    "histogram": HistGradientBoostingClassifier(max_iter=1),
    "logistic": LogisticRegression(),
    "sgd": SGDClassifier(random_state=1),
    "svm": SVC(),
    "neighbors": KNeighborsClassifier(algorithm="kd_tree"),
    "perceptron": MLPClassifier((2,), max_iter=2, random_state=1),
    "pipeline": make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), SelectKBest(k=2), LogisticRegression()),
    "columns": make_pipeline(ColumnTransformer([("a", OneHotEncoder(handle_unknown="ignore"), [0])]), LogisticRegression()),
    "calibrated": CalibratedClassifierCV(LogisticRegression(), cv=2),
    "search": GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2),
}
for name, model in models.items():
    save(f"{name}.pkl", model.fit(data, target))
save("words.pkl", TfidfVectorizer().fit(["one two", "two three"]))

for protocol in range(6):
    save(f"logistic-{protocol}.pkl", models["logistic"], protocol)
    save(f"frame-{protocol}.pkl", pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2020", "2021"]), "d": pd.Categorical(["x", "y"])}), protocol)
    save(f"plain-{protocol}.pkl", {
        "set": {1}, "frozen": frozenset([2]), "bytes": b"\x00\xff", "array": bytearray(b"x"), "complex": 1j, "range": range(3), "slice": slice(1, 2),
        "ordered": collections.OrderedDict(a=1), "default": collections.defaultdict(list), "day": datetime.date(2020, 1, 1),
        "long": 1 << 80, "float": 0.5, "tuple": (1, (2,)), "text": "grün\n", "nested": [[], {}, ()],
    }, protocol)
    save(f"arrays-{protocol}.pkl", [
        np.zeros((2, 3)), np.float64(2), np.array(["a", None], dtype=object), np.array(["a", "bc"]), np.array(["2020-01-01"], dtype="M8[D]"),
        np.zeros(2, dtype=[("a", "f8"), ("b", "O")]), np.zeros(2, dtype=[("a", "f4", (2, 2))]), np.ma.array([1, 2], mask=[0, 1]),
        scipy.sparse.csr_matrix(np.eye(2)), np.random.RandomState(1),
    ], protocol)

joblib.dump(models["forest"], folder / "forest.joblib")
joblib.dump(models["forest"], folder / "forest-zlib.joblib", compress=("zlib", 3))
joblib.dump(models["forest"], folder / "forest-gzip.joblib", compress=("gzip", 3))
joblib.dump(models["forest"], folder / "forest-bz2.joblib", compress=("bz2", 3))
joblib.dump(models["forest"], folder / "forest-xz.joblib", compress=("xz", 3))
joblib.dump([np.array(["a", None], dtype=object), np.arange(5)], folder / "objects.joblib")

network = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
torch.save(network, folder / "network.pth")
torch.save(network.state_dict(), folder / "state.pth")
torch.save(network, folder / "network-old.pth", _use_new_zipfile_serialization=False)
torch.jit.script(network).save(folder / "script.pt")
save("tensor.pkl", torch.zeros(2))
save("tensor-2.pkl", torch.zeros(2), 2)

np.save(folder / "numbers.npy", np.arange(3))
np.save(folder / "objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.savez(folder / "both.npz", a=np.arange(3), b=np.array([None], dtype=object))
