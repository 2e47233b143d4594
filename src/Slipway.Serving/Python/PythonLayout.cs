using Slipway.Serving.Models;
using Slipway.Serving.Pickles;

namespace Slipway.Serving.Python;

/// <summary>What of a model's files is loaded, by its flavors.</summary>
/// <param name="Way">How, where MLflow does not do it.</param>
/// <param name="File">The file in the model's folder.</param>
internal sealed record PythonLayout(PythonWay Way, string File)
{
    private const string Loader = "loader_module";

    /// <summary>What is loaded where no MLmodel file says what to load.</summary>
    public static readonly IReadOnlyList<string> BareFiles = ["python_model.pkl", "model.pkl", "model.joblib", "model.pth", "model.pt"];

    /// <summary>What only MLflow can load.</summary>
    public bool NeedsMlflow { get; private init; }

    /// <summary>Why the model is code by itself, whatever its pickles say; null when it is not.</summary>
    public string? Code { get; private init; }

    public string Method { get; private init; } = "predict";

    /// <summary>Whether MLflow unpickles it, which does so by <c>pickle.load</c> or <c>torch.load</c>.</summary>
    public bool IsForMlflow(PickleForm form) => form is PickleForm.Plain || (form is PickleForm.Torch && Way == PythonWay.Network);

    /// <exception cref="ModelFormatException">Nothing in it is known.</exception>
    public static PythonLayout Of(ModelFolder folder)
    {
        if (folder.Model is not { } model)
        {
            return Bare(folder);
        }

        var python = model.Flavors.GetValueOrDefault(MlModel.PythonFlavor);
        var layout = (model.Flavors.GetValueOrDefault("sklearn"), model.Flavors.GetValueOrDefault("pytorch"), python?[Loader]) switch
        {
            ({ } sklearn, _, _) => new PythonLayout(PythonWay.Object, sklearn["pickled_model"] ?? "model.pkl") { NeedsMlflow = sklearn["serialization_format"] == "skops" },
            (_, { } torch, _) => Torch(torch),
            (_, _, "mlflow.pyfunc.model") => new PythonLayout(PythonWay.PythonModel, python!["python_model"] ?? "python_model.pkl") { NeedsMlflow = python["model_code_path"] is not null },
            (_, _, not null) => new PythonLayout(PythonWay.Mlflow, ModelFolder.ModelFile) { NeedsMlflow = true },
            _ => Bare(folder),
        };
        return layout with { Code = CodeOf(model, python), Method = python?["predict_fn"] ?? "predict" };
    }

    private static PythonLayout Torch(Flavor torch)
    {
        var data = torch["model_data"] ?? "data";
        return new PythonLayout(PythonWay.Network, data + "/model.pth");
    }

    public static string? FindBare(ModelFolder folder) => BareFiles.FirstOrDefault(file => folder.Find(file) is not null);

    private static PythonLayout Bare(ModelFolder folder) => FindBare(folder) is { } found
        ? new PythonLayout(found.EndsWith(".pth", StringComparison.Ordinal) || found.EndsWith(".pt", StringComparison.Ordinal) ? PythonWay.Network : found == BareFiles[0] ? PythonWay.PythonModel : PythonWay.Object, found)
        : throw new ModelFormatException($"The model has nothing that Python could load: an MLmodel file with a flavor, or one of {string.Join(", ", BareFiles)}.");

    // Loaders that do nothing but unpickle, or read a format that is no code.
    private static readonly string[] _loaders = ["mlflow.sklearn", "mlflow.pytorch", "mlflow.pyfunc.model", "mlflow.onnx", "mlflow.xgboost", "mlflow.lightgbm", "mlflow.catboost", "mlflow.statsmodels"];

    private static string? CodeOf(MlModel model, Flavor? python)
    {
        if (model.Flavors.FirstOrDefault(flavor => flavor.Value["code"] is not null) is { Key: { } named })
        {
            return $"the flavor {named} brings code of its own";
        }

        if (python?["model_code_path"] is { } path)
        {
            return $"its model is the script {path}";
        }

        return python?[Loader] is { } loader && !_loaders.Contains(loader) ? $"{loader} may run what lies in the model's files" : null;
    }
}
