using System.Globalization;
using System.Text;
using Slipway.Server.Artifacts;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Registry.Comparing;

/// <summary>Whatever of a version can be compared, as keys and texts.</summary>
internal sealed class VersionContents
{
    public static readonly IReadOnlyList<string> Sections = ["params", "metrics", "datasets", "tests", "files", "signature"];

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _sections = [];
    private readonly Dictionary<string, string> _notes = [];

    private VersionContents(ModelVersionRow version) => Version = version;

    public ModelVersionRow Version { get; }

    /// <summary>The MLmodel file, where the server holds it and the caller may read it.</summary>
    public ArtifactPath? Description { get; private set; }

    public IReadOnlyDictionary<string, string> Of(string section) => _sections.GetValueOrDefault(section) ?? new Dictionary<string, string>();

    public string? NoteOn(string section) => _notes.GetValueOrDefault(section);

    /// <summary>All that the database knows.</summary>
    public static async Task<VersionContents> LoadAsync(Reader reader, (Rights Rights, Caller Caller) who, (ModelVersionRow Row, ArtifactPath? Folder) version, CancellationToken cancellationToken)
    {
        var contents = new VersionContents(version.Row);
        await contents.LoadRunAsync(reader, who, cancellationToken);
        contents._sections["tests"] = await PairsAsync(reader, $"""
            select name, case when measured is null then outcome else outcome || ' ' || measured end from test_results
            where id in (select max(id) from test_results where version = {version.Row.Id} group by name)
            """, cancellationToken);
        contents._sections["files"] = await PairsAsync(reader, $"select path, sha256 from version_files where version = {version.Row.Id}", cancellationToken);
        await contents.FindDescriptionAsync(reader, who, version.Folder, cancellationToken);
        return contents;
    }

    /// <summary>Reads the signature out of the MLmodel file.</summary>
    public async Task ReadSignatureAsync(ArtifactStore store, CancellationToken cancellationToken)
    {
        if (Description is null || await store.FindAsync(Description, cancellationToken) is not { IsFolder: false } entry)
        {
            _notes.TryAdd("signature", $"version {Version.Version} has no MLmodel file that the server holds");
            return;
        }

        if (entry.Size > ModelSignature.LengthLimit)
        {
            _notes["signature"] = $"the MLmodel file of version {Version.Version} is longer than {ModelSignature.LengthLimit} bytes";
            return;
        }

        try
        {
            await using var content = await store.OpenReadAsync(Description, cancellationToken);
            var bytes = new byte[ModelSignature.LengthLimit];
            var length = await content.Stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            _sections["signature"] = ModelSignature.Parse(Encoding.UTF8.GetString(bytes, 0, length));
        }
        catch (FormatException exception)
        {
            _notes["signature"] = $"version {Version.Version}: {exception.Message}";
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> PairsAsync(Reader reader, Sql sql, CancellationToken cancellationToken) =>
        (await reader.ListAsync(sql, row => (Key: row.GetString(0), Value: row.GetString(1)), cancellationToken)).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static async Task<bool> MayReadAsync(Reader reader, (Rights Rights, Caller Caller) who, IEnumerable<Securable> places, CancellationToken cancellationToken)
    {
        foreach (var place in places)
        {
            if (!await who.Rights.MayReadAsync(reader, who.Caller.Principal, place, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    // Whoever may read a model may not therefore read the experiment of its run.
    private async Task LoadRunAsync(Reader reader, (Rights Rights, Caller Caller) who, CancellationToken cancellationToken)
    {
        if (Version.RunId.Length == 0 || await Runs.FindAsync(reader, Version.RunId, cancellationToken) is not { } run)
        {
            Note($"version {Version.Version} names no run that the server has");
            return;
        }

        if (!await MayReadAsync(reader, who, [Securable.Experiment(run.Experiment)], cancellationToken))
        {
            Note($"{who.Caller.Name} lacks the right to read the run of version {Version.Version}");
            return;
        }

        var found = (await RunContents.LoadAsync(reader, [run.Id], cancellationToken))[0];
        _sections["params"] = (found.Data.Params ?? []).ToDictionary(param => param.Key!, param => param.Value ?? "");
        _sections["metrics"] = (found.Data.Metrics ?? []).ToDictionary(metric => metric.Key!, metric => metric.Value is { } value ? value.ToString("R", CultureInfo.InvariantCulture) : "");
        _sections["datasets"] = (found.Inputs.DatasetInputs ?? []).GroupBy(input => input.Dataset!.Name!)
            .ToDictionary(inputs => inputs.Key, inputs => string.Join(", ", inputs.Select(input => input.Dataset!.Digest).Order(StringComparer.Ordinal)));
    }

    private void Note(string note)
    {
        foreach (var section in new[] { "params", "metrics", "datasets" })
        {
            _notes[section] = note;
        }
    }

    private async Task FindDescriptionAsync(Reader reader, (Rights Rights, Caller Caller) who, ArtifactPath? folder, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return;
        }

        var file = folder.Join(ArtifactPath.Parse("MLmodel"));
        if (await MayReadAsync(reader, who, await Target.Artifact(file).FindAsync(reader, cancellationToken), cancellationToken))
        {
            Description = file;
        }
        else
        {
            _notes["signature"] = $"{who.Caller.Name} lacks the right to read the files of version {Version.Version}";
        }
    }
}
