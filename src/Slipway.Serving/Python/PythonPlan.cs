using System.Text.Json.Serialization;

namespace Slipway.Serving.Python;

/// <summary>How a model is loaded, as the child is told.</summary>
/// <param name="Way">Which of the ways.</param>
/// <param name="Path">The file, or the model's folder for MLflow.</param>
internal sealed record PythonPlan(PythonWay Way, string Path)
{
    /// <summary>By what the file is unpickled; the scan decided it.</summary>
    public Pickles.PickleForm Form { get; init; }

    /// <summary>The method that predicts.</summary>
    public string Method { get; init; } = "predict";

    /// <summary>Folders of the model's own code.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>What to install for a missing module, as pip names it, where the model says which version.</summary>
    public IReadOnlyDictionary<string, string> Requirements { get; init; } = new Dictionary<string, string>();
}

/// <summary>The ways in which models are loaded.</summary>
internal enum PythonWay
{
    /// <summary>By MLflow.</summary>
    Mlflow,

    /// <summary>A pickled object with a method that predicts.</summary>
    Object,

    /// <summary>MLflow's <c>python_model</c>.</summary>
    PythonModel,

    /// <summary>A module of torch.</summary>
    Network,
}

/// <summary>What the child is started with.</summary>
/// <param name="Memory">Its address space at most; 0 for no limit.</param>
/// <param name="Apart">Whether it takes namespaces and files of its own.</param>
/// <param name="Read">Files and folders that it may read beside Python's own.</param>
/// <param name="Write">Folders that it may write.</param>
internal sealed record PythonSettings(long Memory, bool Apart, IReadOnlyList<string> Read, IReadOnlyList<string> Write);

/// <summary>What the child says of itself before it is told anything.</summary>
/// <param name="Version">Python's.</param>
/// <param name="Mlflow">Whether MLflow is there.</param>
/// <param name="Apart">Whether it has a network and users of its own: none.</param>
/// <param name="Files">Whether all files but those that were listed are out of its reach.</param>
internal sealed record PythonHello(string Version, bool Mlflow, bool Apart, bool Files);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PythonPlan))]
[JsonSerializable(typeof(PythonSettings))]
[JsonSerializable(typeof(PythonHello))]
internal sealed partial class PythonJson : JsonSerializerContext;
