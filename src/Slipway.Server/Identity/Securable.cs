namespace Slipway.Server.Identity;

/// <summary>An object that rights can be granted on.</summary>
internal readonly record struct Securable(string Kind, long Id)
{
    public const string ExperimentKind = "experiment";
    public const string ModelKind = "model";
    public const string DatasetKind = "dataset";

    /// <summary>What belongs to no object: read by the default permission, written by admins.</summary>
    public static readonly Securable Nobodys = new("", 0);

    public static Securable Experiment(long id) => new(ExperimentKind, id);

    public static Securable Model(long id) => new(ModelKind, id);

    public static Securable Dataset(long id) => new(DatasetKind, id);
}
