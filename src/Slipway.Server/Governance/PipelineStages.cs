using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Reads stages by the pipeline that is in force for the model.</summary>
internal sealed class PipelineStages(string model, IReadOnlyCollection<string> texts) : StageReading
{
    private readonly List<PipelineInForce> _applied = [];

    public override Query Query => Pipelines.EachApplied(_applied.Add);

    public override IReadOnlySet<string>? TryRead()
    {
        var parsed = _applied.Select(applied => ParsedPipelines.Find(applied.Version, applied.Digest)).ToList();
        return parsed.Contains(null) ? null : Read(Pipelines.Choose(parsed!, model));
    }

    public override async Task<IReadOnlySet<string>> ReadAsync(Reader reader, CancellationToken cancellationToken) =>
        Read(texts.Count == 0 ? null : await Pipelines.FindForAsync(reader, model, cancellationToken));

    private HashSet<string> Read(Pipeline? pipeline) => [.. texts.Select(text => Pipelines.ReadStage(pipeline, text))];
}
