using Microsoft.Extensions.Logging;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Server.Delivery;

/// <summary>Looks after one environment: brings its gateway what the database says, and the database what the gateway says.</summary>
/// <remarks>
/// Everything that lasts is in the database and in the gateway, so whoever takes over begins by looking at both. The
/// committed stage wins: a gateway that serves something else is told.
/// </remarks>
internal sealed partial class EnvironmentKeeper : IDisposable
{
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(3);

    private readonly Spine _spine;
    private readonly Stewardship _stewardship;
    private readonly Verdicts _verdicts;
    private readonly TableMaker _tables;
    private readonly GatewayFolder _folder;
    private readonly GatewayControl _control;
    private readonly ILogger _logger;
    private readonly string _name;
    private GatewayTable? _sent;
    private long _looked = -1;
    private long _startedAt;

    public EnvironmentKeeper(Spine spine, (string Data, string Name) place, TableMaker tables, ILogger logger)
    {
        (_spine, _name, _tables, _logger) = (spine, place.Name, tables, logger);
        (_stewardship, _folder) = (new Stewardship(spine), new GatewayFolder(place.Data, place.Name));
        (_verdicts, _control) = (new Verdicts(spine, _stewardship), new GatewayControl(_folder.Path));
    }

    /// <summary>What the gateway said last; null while it says nothing.</summary>
    public GatewayState? State { get; private set; }

    /// <summary>Does what there is to do now.</summary>
    public async Task TendAsync(Lease lease, EnvironmentRow row, CancellationToken cancellationToken)
    {
        var picture = await ReadAsync(row, cancellationToken);
        if (await _stewardship.ReconcileAsync(lease, picture, cancellationToken))
        {
            picture = await ReadAsync(row, cancellationToken);
        }

        var (table, unserved) = await _tables.MakeAsync(picture, cancellationToken);
        var isUnderWay = picture.Models.Any(model => model.Rollout is not null);
        Failpoint.Reach(Failpoint.TableMade, isUnderWay);
        if (await MeetAsync(cancellationToken) is not { } state)
        {
            return;
        }

        state = await BringAsync(lease, table, state, cancellationToken);
        State = state;
        Failpoint.Reach(Failpoint.StateSeen, isUnderWay);
        await TakeLooksAsync(state, cancellationToken);
        await _verdicts.ActAsync(lease, picture, (state, unserved), cancellationToken);
    }

    /// <summary>Ends the gateway and its workers: the environment is gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _control.StopAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            // None runs.
        }

        State = null;
    }

    public void Dispose() => _control.Dispose();

    private Task<Picture> ReadAsync(EnvironmentRow row, CancellationToken cancellationToken) =>
        _spine.Database.ReadAsync(reader => Picture.ReadAsync(reader, row, cancellationToken), cancellationToken);

    // A gateway that is there is adopted; one that is not is started, and met at the next look.
    private async Task<GatewayState?> MeetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _control.StateAsync(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            State = null;
            if (Environment.TickCount64 - _startedAt >= StartPause.TotalMilliseconds || _startedAt == 0)
            {
                Log.Starting(_logger, _name, _folder.Path, exception.Message);
                _folder.Start();
                _startedAt = Environment.TickCount64;
            }

            return null;
        }
    }

    private async Task<GatewayState> BringAsync(Lease lease, GatewayTable table, GatewayState state, CancellationToken cancellationToken)
    {
        if (_sent is { } sent && state.Epoch == sent.Epoch && GatewayJson.Write(sent with { Epoch = 0 }).AsSpan().SequenceEqual(GatewayJson.Write(table)))
        {
            return state;
        }

        // Whoever took over last wins, whatever the one before sent and however often.
        table = table with { Epoch = Math.Max(state.Epoch + 1, lease.Epoch << 32) };
        await _control.SendAsync(table, cancellationToken);
        _sent = table;
        Failpoint.Reach(Failpoint.TableSent, table.Models.Any(model => model.Rollout is not null));
        return await _control.StateAsync(cancellationToken);
    }

    // Taking those after a number lets the gateway forget the ones up to it, so they are kept first.
    private async Task TakeLooksAsync(GatewayState state, CancellationToken cancellationToken)
    {
        while (state.LastLook > _looked)
        {
            var looks = await _control.LooksAsync(Math.Max(_looked, 0), cancellationToken);
            await _spine.Ingest.WriteAsync(async (writer, token) =>
            {
                await Looks.AddAsync(writer, looks, token);
                return true;
            }, cancellationToken);
            _looked = looks.Count > 0 ? looks[^1].Number : state.LastLook;
            Failpoint.Reach(Failpoint.LooksKept, looks.Count > 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6101, LogLevel.Information, "Starting the gateway of {Environment} in {Folder}: {Why}")]
        public static partial void Starting(ILogger logger, string environment, string folder, string why);
    }
}
