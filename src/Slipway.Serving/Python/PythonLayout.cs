using Slipway.Serving.Models;
using Slipway.Serving.Pickles;

namespace Slipway.Serving.Python;

/// <summary>What of a model's files is loaded, by its flavors.</summary>
/// <param name="Way">How, where MLflow does not do it.</param>
/// <param name="File">The file in the model's folder.</param>
internal sealed record PythonLayout(PythonWay Way, string File)
{
    private const string Loader = "loader_module";
    private const string SklearnLoader = "mlflow.sklearn";
    private const string TorchLoader = "mlflow.pytorch";
    private const string ModelLoader = "mlflow.pyfunc.model";

    /// <summary>What is loaded where no MLmodel file says what to load.</summary>
    public static readonly IReadOnlyList<string> BareFiles = ["python_model.pkl", "model.pkl", "model.joblib", "model.pth", "model.pt"];

    // What a folder of MLflow's torch flavor may name to unpickle it; none does more than pickle.
    private static readonly string[] _pickleModules = ["mlflow.pytorch.pickle_module", "cloudpickle", "pickle", ""];

    /// <summary>What only MLflow can load.</summary>
    public bool NeedsMlflow { get; private init; }

    /// <summary>Why the model is code by itself, whatever its pickles say; null when it is not.</summary>
    public string? Code { get; private init; }

    public string Method { get; private init; } = "predict";

    /// <summary>The files that may be unpickled by whoever loads the model, whatever they are called.</summary>
    public IReadOnlyList<string> Unpickled { get; private init; } = [File];

    /// <summary>Whether MLflow would unpickle it as it was scanned: by <c>pickle.load</c> or <c>torch.load</c>.</summary>
    public bool IsForMlflow(PickleForm form) => form is PickleForm.Plain || (form is PickleForm.Torch && Way == PythonWay.Network);

    /// <exception cref="ModelFormatException">Nothing in it is known.</exception>
    public static PythonLayout Of(ModelFolder folder)
    {
        if (folder.Model is not { } model)
        {
            return Bare(folder);
        }

        var python = model.Flavors.GetValueOrDefault(MlModel.PythonFlavor);
        var layout = LoaderOf(model) switch
        {
            SklearnLoader => Sklearn(model.Flavors.GetValueOrDefault("sklearn")),
            TorchLoader => Torch(folder, model.Flavors.GetValueOrDefault("pytorch")),
            ModelLoader => Model(python!),
            { } other => new PythonLayout(PythonWay.Mlflow, ModelFolder.ModelFile) { NeedsMlflow = true, Unpickled = [], Code = $"{other} may run what lies in the model's files" },
            null => Bare(folder),
        };
        return layout with { Code = CodeOf(model) ?? layout.Code, Method = python?["predict_fn"] ?? "predict", Unpickled = [.. layout.Unpickled, .. FilesOf(folder, python)] };
    }

    /// <summary>The first of <see cref="BareFiles"/> that is there.</summary>
    public static string? FindBare(ModelFolder folder) => BareFiles.FirstOrDefault(file => folder.Find(file) is not null);

    private static string? LoaderOf(MlModel model) => model.Flavors.GetValueOrDefault(MlModel.PythonFlavor)?[Loader]
        ?? (model.Flavors.ContainsKey("sklearn") ? SklearnLoader : model.Flavors.ContainsKey("pytorch") ? TorchLoader : null);

    private static PythonLayout Sklearn(Flavor? flavor) => new(PythonWay.Object, flavor?["pickled_model"] ?? "model.pkl") { NeedsMlflow = flavor?["serialization_format"] == "skops" };

    private static PythonLayout Model(Flavor python) => new(PythonWay.PythonModel, python["python_model"] ?? "python_model.pkl") { NeedsMlflow = python["model_code_path"] is not null };

    private static PythonLayout Torch(ModelFolder folder, Flavor? flavor)
    {
        var data = flavor?["model_data"] ?? "data";
        var module = folder.Find(data + "/pickle_module_info.txt") is { } file ? System.IO.File.ReadAllText(file).Trim() : "";
        return new PythonLayout(PythonWay.Network, data + "/model.pth") { Code = _pickleModules.Contains(module) ? null : $"it is unpickled by {module}" };
    }

    private static PythonLayout Bare(ModelFolder folder) => FindBare(folder) is { } found
        ? new PythonLayout(Path.GetExtension(found) is ".pth" or ".pt" ? PythonWay.Network : found == BareFiles[0] ? PythonWay.PythonModel : PythonWay.Object, found)
        : throw new ModelFormatException($"The model has nothing that Python could load: an MLmodel file with a flavor, or one of {string.Join(", ", BareFiles)}.");

    // MLflow goes by these where they name a file.
    private static IEnumerable<string> FilesOf(ModelFolder folder, Flavor? python) =>
        new[] { python?["data"], python?["model_path"], python?["python_model"] }.OfType<string>().Where(path => System.IO.File.Exists(folder.Find(path)));

    private static string? CodeOf(MlModel model)
    {
        if (model.Flavors.FirstOrDefault(flavor => flavor.Value["code"] is not null) is { Key: { } named })
        {
            return $"the flavor {named} brings code of its own";
        }

        return model.Flavors.GetValueOrDefault(MlModel.PythonFlavor)?["model_code_path"] is { } path ? $"its model is the script {path}" : null;
    }
}
