using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>Keeps each look of the judges, one JSON record a line, until the server has taken it.</summary>
internal sealed class LookJournal : IDisposable
{
    /// <summary>When the server takes none, the oldest go.</summary>
    private const int Most = 20_000;

    private const int AtOnce = 1000;

    private readonly string _path;
    private readonly string _numberPath;
    private readonly Lock _gate = new();
    private readonly List<JournaledLook> _looks = [];
    private StreamWriter _file;
    private long _dropped;

    public LookJournal(string folder)
    {
        _path = Path.Join(folder, "looks.jsonl");
        _numberPath = Path.Join(folder, "looks.number");
        Last = File.Exists(_numberPath) && long.TryParse(File.ReadAllText(_numberPath), CultureInfo.InvariantCulture, out var number) ? number : 0;
        foreach (var line in File.Exists(_path) ? File.ReadLines(_path) : [])
        {
            // The last line may be torn by a crash; then that look was told to nobody.
            if (TryRead(line) is { } look)
            {
                _looks.Add(look);
                Last = look.Number;
            }
        }

        _file = Rewrite();
    }

    public long Last { get; private set; }

    /// <summary>How many were let go before the server took them.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public JournaledLook Add(Func<long, JournaledLook> make)
    {
        lock (_gate)
        {
            var look = make(++Last);
            _looks.Add(look);
            _file.WriteLine(Encoding.UTF8.GetString(GatewayJson.Write(look)));
            _file.Flush();
            if (_looks.Count > Most)
            {
                _dropped += Most / 2;
                _looks.RemoveRange(0, Most / 2);
                _file.Dispose();
                _file = Rewrite();
            }

            return look;
        }
    }

    /// <summary>The looks after this one; those up to it have been taken and are let go.</summary>
    public IReadOnlyList<JournaledLook> After(long number)
    {
        lock (_gate)
        {
            if (_looks.RemoveAll(look => look.Number <= number) > 0)
            {
                _file.Dispose();
                _file = Rewrite();
            }

            return [.. _looks.Take(AtOnce)];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private StreamWriter Rewrite()
    {
        WholeFile.Write(_numberPath, Encoding.ASCII.GetBytes(Last.ToString(CultureInfo.InvariantCulture)));
        WholeFile.Write(_path, Encoding.UTF8.GetBytes(string.Concat(_looks.Select(look => Encoding.UTF8.GetString(GatewayJson.Write(look)) + "\n"))));
        return new StreamWriter(new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    private static JournaledLook? TryRead(string line)
    {
        try
        {
            return GatewayJson.Read<JournaledLook>(Encoding.UTF8.GetBytes(line));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
