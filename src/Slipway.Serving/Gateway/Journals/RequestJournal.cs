using System.Collections.Concurrent;
using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>
/// Remembers answered requests for feedback, in a file for each day where a request's id says where its record lies. Records are written
/// in batches, a moment after the answer: a crash may lose the last of them, and feedback for those is not found then.
/// </summary>
internal sealed class RequestJournal : IDisposable
{
    public const int Days = 30;

    /// <summary>What is not written in time is dropped and counted.</summary>
    private const int MostPending = 100_000;

    /// <summary>A day's file grows no further: 64 million requests.</summary>
    private const long MostPerDay = (2L << 30) / RequestRecord.Size;

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<RequestRecord> _pending = [];
    private readonly Lock _files = new();
    private readonly byte[] _buffer = new byte[RequestRecord.Size];
    private volatile DayFile _today;
    private int _pendingCount;
    private long _dropped;

    public RequestJournal(string folder, TimeProvider time)
    {
        (_folder, _time) = (folder, time);
        Directory.CreateDirectory(folder);
        _today = DayFile.Open(folder, DayOf(time));
        DeleteOld();
    }

    public long Dropped => Volatile.Read(ref _dropped);

    public RequestId Begin()
    {
        var today = _today;
        return RequestId.Make(today.Day, today.TakeNumber());
    }

    public void End(RequestId id, int deployment, Choice choice, Prediction prediction)
    {
        if (Volatile.Read(ref _pendingCount) >= MostPending || id.Number >= MostPerDay)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        Interlocked.Increment(ref _pendingCount);
        _pending.Enqueue(new RequestRecord(id, deployment, choice.IsCandidate, choice.Share, prediction));
    }

    /// <summary>Writes what is pending, and begins the next day's file when it is time.</summary>
    public void Flush()
    {
        lock (_files)
        {
            FlushPending();
            if (DayOf(_time) != _today.Day)
            {
                var before = _today;
                _today = DayFile.Open(_folder, DayOf(_time));
                before.Dispose();
                DeleteOld();
            }
        }
    }

    /// <summary>Takes a request out for its feedback, which it gets once.</summary>
    public RequestFound Take(RequestId id, out RequestRecord record)
    {
        record = default;
        lock (_files)
        {
            FlushPending();
            if (id.Day > _today.Day || _today.Day - id.Day > Days)
            {
                return id.Day > _today.Day ? RequestFound.Unknown : RequestFound.TooOld;
            }

            using var file = DayFile.TryReopen(_folder, id.Day);
            if (file is null || !file.TryRead(id.Number, _buffer) || RequestRecord.Read(_buffer, id) is not { } found)
            {
                return RequestFound.Unknown;
            }

            record = found;
            return _buffer[RequestRecord.MarkAt] == 0 && file.Mark(id.Number) ? RequestFound.Yes : RequestFound.Taken;
        }
    }

    public void Dispose()
    {
        lock (_files)
        {
            FlushPending();
            _today.Dispose();
        }
    }

    private void FlushPending()
    {
        while (_pending.TryDequeue(out var record))
        {
            Interlocked.Decrement(ref _pendingCount);
            record.Write(_buffer);
            if (record.Id.Day == _today.Day)
            {
                _today.Write(record.Id.Number, _buffer);
                continue;
            }

            using var earlier = DayFile.TryReopen(_folder, record.Id.Day);
            earlier?.Write(record.Id.Number, _buffer);
        }
    }

    private void DeleteOld()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*.requests"))
        {
            if (ushort.TryParse(Path.GetFileNameWithoutExtension(path), out var day) && _today.Day - day > Days)
            {
                File.Delete(path);
            }
        }
    }

    private static ushort DayOf(TimeProvider time) => (ushort)(time.GetUtcNow().ToUnixTimeSeconds() / 86_400);
}

/// <summary>Whether a request was found for its feedback.</summary>
internal enum RequestFound
{
    Yes,
    Unknown,
    TooOld,
    Taken,
}
