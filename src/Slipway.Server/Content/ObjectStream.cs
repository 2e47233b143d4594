using System.Buffers;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Reads an object from any position on. Each chunk is verified before any of its bytes are given out.</summary>
/// <remarks>
/// The first read after a jump takes one chunk; each that follows takes more, and the next are fetched while these are
/// used. What a sweep moves to another pack meanwhile is looked up again.
/// </remarks>
internal sealed class ObjectStream(Database database, IBlobs blobs, ContentObject content, string name) : Stream
{
    private const int FirstReach = 64 << 10;
    private const int MostReach = 512 << 10;
    private const int PlacesAtOnce = 64;

    // Restoring and verifying take longer than sending, on one processor.
    private static readonly ParallelOptions Threads = new() { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };

    private readonly CancellationTokenSource _end = new();
    private readonly ObjectRun[] _runs = [new(), new()];
    private ObjectMap _map = ObjectMap.Empty;
    private Dictionary<long, ChunkPlace> _places = [];
    private ObjectRun _run = new();
    private Task<ObjectRun>? _next;
    private int _turn;
    private int _reach;
    private long _position;
    private bool _isDisposed;

    public string Sha256 => content.Sha256;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Size;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch { SeekOrigin.Current => _position, SeekOrigin.End => Length, _ => 0 };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target != _position)
        {
            (_position, _reach) = (target, 0);
        }

        return _position;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.Length == 0)
        {
            return 0;
        }

        if (!_run.Holds(_position))
        {
            _run = await TurnAsync(cancellationToken);
        }

        var bytes = _run.From(_position);
        var count = Math.Min(bytes.Length, buffer.Length);
        bytes[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <summary>Writes all that is left in as large pieces as are verified at once.</summary>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        while (_position < Length)
        {
            _run = _run.Holds(_position) ? _run : await TurnAsync(cancellationToken);
            var bytes = _run.From(_position);
            await destination.WriteAsync(bytes, cancellationToken);
            _position += bytes.Length;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is read asynchronously.");

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        // Whoever sends a stream disposes it, and so does whoever opened it.
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _end.CancelAsync();
        await ForgetNextAsync();
        foreach (var run in _runs)
        {
            run.Return();
        }

        _end.Dispose();
        await base.DisposeAsync();
    }

    private async Task<ObjectRun> TurnAsync(CancellationToken cancellationToken)
    {
        ObjectRun run;
        if (_next is { } next && _reach > 0)
        {
            _next = null;
            run = await next;
        }
        else
        {
            await ForgetNextAsync();
            run = await LoadAsync(_position, _reach, cancellationToken);
        }

        _reach = _reach == 0 ? 1 : Math.Min(Math.Max(2 * _reach, FirstReach), MostReach);
        if (_reach > 1 && run.End < Length)
        {
            var reach = _reach;
            _next = Task.Run(() => LoadAsync(run.End, reach, _end.Token), CancellationToken.None);
        }

        return run;
    }

    private async Task ForgetNextAsync()
    {
        if (_next is { } next)
        {
            _next = null;
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ObjectRun> LoadAsync(long position, int reach, CancellationToken cancellationToken)
    {
        if (!_map.Holds(position))
        {
            var segment = await database.ReadAsync(reader => ContentObjects.FindSegmentAsync(reader, content.Id, position, cancellationToken), cancellationToken);
            _map = segment?.IsTrueOf(content.Id) == true ? new ObjectMap(segment) : throw Damaged("its list of chunks was changed", position);
            if (!_map.Holds(position))
            {
                throw Damaged("its list of chunks is not complete", position);
            }
        }

        var first = _map.IndexOf(position);
        var last = _map.IndexOfReach(first, reach);
        var run = _runs[_turn ^= 1];
        run.Begin(_map.StartOf(first), checked((int)(_map.StartOf(last + 1) - _map.StartOf(first))));

        // A second look tells what was moved meanwhile from what is damaged.
        if (!await TryFillAsync(run, first, last, cancellationToken))
        {
            _places = [];
            if (!await TryFillAsync(run, first, last, cancellationToken))
            {
                throw Damaged("a chunk is missing or not what it was", run.Start);
            }
        }

        run.Complete();

        return run;
    }

    private async Task<bool> TryFillAsync(ObjectRun run, int first, int last, CancellationToken cancellationToken)
    {
        if (!await FindPlacesAsync(first, last, cancellationToken))
        {
            return false;
        }

        for (var index = first; index <= last;)
        {
            var end = EndOfSpan(index, last);
            if (!await TryReadSpanAsync(run, index, end, cancellationToken))
            {
                return false;
            }

            index = end + 1;
        }

        return true;
    }

    private async Task<bool> FindPlacesAsync(int first, int last, CancellationToken cancellationToken)
    {
        if (!Enumerable.Range(first, last - first + 1).All(index => _places.ContainsKey(_map.Parts[index].Chunk)))
        {
            var ids = _map.Parts.Skip(first).Take(last > first ? PlacesAtOnce : 1).Select(part => part.Chunk).Distinct().ToList();
            _places = await database.ReadAsync(reader => ContentChunks.PlacesAsync(reader, ids, cancellationToken), cancellationToken);
        }

        return Enumerable.Range(first, last - first + 1).All(index => _places.ContainsKey(_map.Parts[index].Chunk));
    }

    /// <summary>The last of the chunks that lie behind each other in one pack.</summary>
    private int EndOfSpan(int index, int last)
    {
        var place = _places[_map.Parts[index].Chunk];
        while (index < last && _places[_map.Parts[index + 1].Chunk] is var next && next.Pack == place.Pack && next.Start == place.Start + place.Stored)
        {
            (place, index) = (next, index + 1);
        }

        return index;
    }

    private async Task<bool> TryReadSpanAsync(ObjectRun run, int first, int last, CancellationToken cancellationToken)
    {
        var (from, to) = (_places[_map.Parts[first].Chunk], _places[_map.Parts[last].Chunk]);
        var length = checked((int)(to.Start + to.Stored - from.Start));
        var stored = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return await blobs.ReadAsync(from.Pack, from.Start, stored.AsMemory(0, length), cancellationToken) == length
                && await TryRestoreAsync(run, (first, last), stored, from.Start);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private async Task<bool> TryRestoreAsync(ObjectRun run, (int First, int Last) chunks, byte[] stored, long storedFrom)
    {
        if (chunks.First == chunks.Last)
        {
            return TryRestore(run, chunks.First, stored, storedFrom);
        }

        var isTrue = true;
        await Parallel.ForAsync(chunks.First, chunks.Last + 1, Threads, (index, _) =>
        {
            if (!TryRestore(run, index, stored, storedFrom))
            {
                Volatile.Write(ref isTrue, false);
            }

            return ValueTask.CompletedTask;
        });
        return isTrue;
    }

    private bool TryRestore(ObjectRun run, int index, byte[] stored, long storedFrom)
    {
        var part = _map.Parts[index];
        var place = _places[part.Chunk];
        return place.Form.TryRestore(stored.AsSpan(checked((int)(place.Start - storedFrom)), place.Stored), run.Slice(_map.StartOf(index), part.Length), part.Sha256);
    }

    private Fault Damaged(string what, long position) =>
        Damage.Of(name, content.Sha256, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}, at byte {position} of {Length}"));
}
