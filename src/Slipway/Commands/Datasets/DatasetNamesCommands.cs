using System.CommandLine;
using Slipway.Wire;

namespace Slipway.Commands.Datasets;

/// <summary>What is said about versions: aliases, tags and descriptions.</summary>
internal static class DatasetNamesCommands
{
    public static Command CreateAlias()
    {
        var (reference, aliases) = (DatasetReferenceText.Argument(" With --delete, just NAME."), new Argument<string[]>("ALIAS") { Description = "Begins with a letter.", Arity = ArgumentArity.OneOrMore });
        var delete = new Option<bool>("--delete") { Description = "Takes them away." };
        return new ServerCommand("alias", """
            Points aliases to a version, or takes them away.

            Example: slipway datasets alias sentiment-train@2.0.0 stable
            """) { reference, aliases, delete }.Runs(async (talk, cancellationToken) =>
        {
            var text = talk.Get(reference);
            var (name, version) = talk.Get(delete) ? (text.Split('@')[0], null) : ((string, string?))DatasetReferenceText.Parse(text);
            foreach (var alias in talk.Get(aliases))
            {
                await talk.Client.SetDatasetAliasAsync(name, alias, version, cancellationToken);
            }

            return await talk.AnswerAsync(EmptyResponse.Value, _ => "Done.");
        });
    }

    public static Command CreateTag()
    {
        var (reference, tags) = (DatasetReferenceText.Argument(), new Argument<string[]>("TAG") { Description = "KEY=VALUE; with --delete, KEY.", Arity = ArgumentArity.OneOrMore });
        var delete = new Option<bool>("--delete") { Description = "Deletes them." };
        return new ServerCommand("tag", """
            Sets tags of a version, or deletes them.

            Example: slipway datasets tag sentiment-train@2.0.0 team=nlp reviewed=yes
            """) { reference, tags, delete }.Runs(async (talk, cancellationToken) =>
        {
            var (name, version) = DatasetReferenceText.Parse(talk.Get(reference));
            foreach (var tag in talk.Get(tags).Select(text => talk.Get(delete) ? new KeyValue(text, null) : Tag(text)))
            {
                await talk.Client.SetDatasetTagAsync(name, version, tag, cancellationToken);
            }

            return await talk.AnswerAsync(EmptyResponse.Value, _ => "Done.");
        });
    }

    public static Command CreateDescribe()
    {
        var reference = new Argument<string>("NAME[@VERSION]") { Description = "A dataset, or a version of it." };
        var description = new Argument<string>("TEXT") { Description = "What it is; an empty text takes the description away." };
        return new ServerCommand("describe", """
            Describes a dataset, or a version of it, anew.

            Example: slipway datasets describe sentiment-train@2.0.0 "15,000 samples, more diverse"
            """) { reference, description }.Runs(async (talk, cancellationToken) =>
        {
            var (name, version) = talk.Get(reference).Contains('@', StringComparison.Ordinal) ? ((string, string?))DatasetReferenceText.Parse(talk.Get(reference)) : (talk.Get(reference), null);
            await talk.Client.DescribeDatasetAsync(name, version, talk.Get(description), cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => "Done.");
        });
    }

    public static KeyValue Tag(string text) => text.Split('=', 2) is [{ Length: > 0 } key, var value]
        ? new KeyValue(key, value)
        : throw new UsageException($"'{text}' is no tag: write KEY=VALUE.");
}
