namespace Slipway.Server.Tracking;

/// <summary>Joins what belongs to an experiment onto its artifact location.</summary>
internal static class ArtifactLocations
{
    /// <summary>Joins on the path part; a query stays at the end.</summary>
    public static string Join(string location, string relative)
    {
        var query = location.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (location, "") : (location[..query], location[query..]);
        return $"{path.TrimEnd('/')}/{relative}{rest}";
    }
}
