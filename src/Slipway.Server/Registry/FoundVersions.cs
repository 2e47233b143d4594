using System.Data.Common;

namespace Slipway.Server.Registry;

/// <summary>Versions as they are read, with the tags and aliases that are read after them.</summary>
internal sealed class FoundVersions
{
    private const long Tag = 1;
    private const long Alias = 2;

    private readonly List<ModelVersionRow> _rows = [];
    private readonly List<(long Version, long Kind, Pair Pair)> _texts = [];

    public void Add(ModelVersionRow row) => _rows.Add(row);

    public void AddText(DbDataReader row) => _texts.Add((row.GetInt64(0), row.GetInt64(1), new Pair(row.GetString(2), row.GetString(3))));

    public List<ModelVersionRow> ToList()
    {
        var texts = _texts.ToLookup(text => (text.Version, text.Kind), text => text.Pair);
        return [.. _rows.Select(row => row with { Tags = [.. texts[(row.Id, Tag)]], Aliases = [.. texts[(row.Id, Alias)].Select(alias => alias.Key)] })];
    }
}
