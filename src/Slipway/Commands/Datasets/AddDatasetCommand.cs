using System.CommandLine;
using System.Globalization;
using Slipway.Client;
using Slipway.Wire.Datasets;

namespace Slipway.Commands.Datasets;

/// <summary>Adds a version of a dataset.</summary>
internal static class AddDatasetCommand
{
    public static Command Create()
    {
        var (name, version) = (new Argument<string>("NAME") { Description = "The dataset; it is made with its first version." }, new Argument<string>("VERSION") { Description = "A semantic version, such as 1.0.0." });
        var files = new Argument<string[]>("FILE") { Description = "Files or folders. CSV, TSV and JSON Lines are read as tables; all others are kept as bytes.", Arity = ArgumentArity.OneOrMore };
        var (description, source) = (new Option<string?>("--description") { Description = "What it is.", HelpName = "TEXT" }, new Option<string?>("--source") { Description = "Where it came from.", HelpName = "TEXT" });
        var (tags, aliases) = (new Option<string[]>("--tag") { Description = "A tag; may be given more than once.", HelpName = "KEY=VALUE" }, new Option<string[]>("--alias") { Description = "An alias to point to it; may be given more than once.", HelpName = "ALIAS" });
        var format = new Option<string?>("--format") { Description = "How the files are read: csv, tsv, jsonl or bytes; by their names unless given.", HelpName = "FORMAT" };
        var (from, withoutBase) = (new Option<string?>("--base") { Description = "The version whose chunks need not be sent again, or an alias; the latest unless given.", HelpName = "VERSION" }, new Option<bool>("--no-base") { Description = "Send all bytes, whatever other versions have." });
        return new ServerCommand("add", """
            Adds an immutable version of a dataset. It is there with all its files, or not at all. The same content under the
            same version again changes nothing; other content is refused. Of a file that is much the same as in the latest version
            only what is missing is sent; when it was interrupted, the same command goes on where it stopped, for a day.

            Example: slipway datasets add sentiment-train 1.0.0 train.csv --source "survey 2026" --tag team=nlp --alias stable
            """) { name, version, files, description, source, tags, aliases, format, from, withoutBase }.Runs(async (talk, cancellationToken) =>
        {
            var uploads = FilesToAdd.Find(talk.Get(files), talk.Get(format));
            var request = new AddDatasetVersionRequest(talk.Get(version), Draft: null)
            {
                Description = talk.Get(description),
                Source = talk.Get(source),
                Tags = [.. (talk.Get(tags) ?? []).Select(DatasetNamesCommands.Tag)],
                Aliases = talk.Get(aliases) ?? [],
            };
            var (sent, size) = (0L, 0L);
            var how = new DatasetSending
            {
                Base = talk.Get(withoutBase) ? talk.Get(from) is null ? null : throw new UsageException("Give --base or --no-base.") : talk.Get(from) ?? DatasetSending.Latest,
                Sent = file => (sent, size) = (sent + file.Sent, size + file.Size),
            };
            var added = await talk.Client.AddDatasetVersionAsync(talk.Get(name), request, uploads, how, cancellationToken);
            await Conversation.SayAsync($"{sent:N0} of {size:N0} bytes were sent");
            return await talk.AnswerAsync(added, Text);
        });
    }

    private static string Text(AddedDatasetVersion added)
    {
        var version = added.Version;
        var shape = version.Samples is null ? $"{version.Files} {(version.Files == 1 ? "file" : "files")}" : $"{version.Samples:N0} samples, {version.Features} features";
        return string.Create(CultureInfo.InvariantCulture, $"{version.Name}@{version.Version} {(added.Added ? "added" : "is there already, with the same content")}: {shape}, {version.Size:N0} bytes, {version.ShortHash}");
    }
}
