namespace Slipway.Client;

/// <summary>How the files of a version are sent.</summary>
public sealed record DatasetSending
{
    /// <summary>What is taken unless something else is said.</summary>
    public const string Latest = "latest";

    /// <summary>The version of the same dataset whose chunks need not be sent again, an alias, or null for none. That there is no latest one, or none that may be read, is no error.</summary>
    public string? Base { get; init; } = Latest;

    /// <summary>Is told of each file that is sent.</summary>
    public Action<SentContent>? Sent { get; init; }
}
