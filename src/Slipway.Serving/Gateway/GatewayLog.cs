using System.Globalization;

namespace Slipway.Serving.Gateway;

/// <summary>What happened, a line each, in a file that is begun anew when it is long; the one before is kept.</summary>
internal sealed class GatewayLog(string folder, TimeProvider time)
{
    private const long Longest = 1 << 20;

    private readonly string _path = Path.Join(folder, "log");
    private readonly Lock _gate = new();

    public void Write(string message)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {message.ReplaceLineEndings("\\n")}\n");
        lock (_gate)
        {
            if (File.Exists(_path) && new FileInfo(_path).Length > Longest)
            {
                File.Move(_path, _path + ".before", overwrite: true);
            }

            File.AppendAllText(_path, line);
        }
    }
}
