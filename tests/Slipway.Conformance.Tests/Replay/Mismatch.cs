using System.Text;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>An exchange in which our server answered otherwise than it should, with every difference.</summary>
internal sealed record Mismatch(Exchange Exchange, OutgoingRequest Sent, ServerAnswer Ours, IReadOnlyList<string> Differences)
{
    private const int Shown = 12;

    public override string ToString()
    {
        var text = new StringBuilder($"{Exchange.Recording} #{Exchange.Seq} {Sent.Method} {Sent.Target}");

        if (Sent.Body.Length > 0)
        {
            text.Append("\n    sent ").Append(Cut(Encoding.UTF8.GetString(Sent.Body.AsSpan(0, Math.Min(Sent.Body.Length, 400)))));
        }

        foreach (var difference in Differences.Take(Shown))
        {
            text.Append("\n    ").Append(difference);
        }

        if (Differences.Count > Shown)
        {
            text.Append($"\n    and {Differences.Count - Shown} more");
        }

        return text.Append($"\n    got  {Ours.Status} ").Append(Cut(Ours.Text)).ToString();
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 300 ? line : $"{line[..300]}…";
    }
}
