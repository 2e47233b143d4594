using System.Text;

namespace Slipway.Serving.Scoring;

/// <summary>Reads CSV as RFC 4180 has it: commas, quotes that are doubled inside quotes, lines that end with LF or CRLF.</summary>
internal static class CsvText
{
    /// <summary>The records; empty lines are passed over.</summary>
    /// <exception cref="ScoringFault">A quote is not closed.</exception>
    public static List<string[]> Parse(string text)
    {
        var records = new List<string[]>();
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        while (at < text.Length)
        {
            var record = ReadRecord(text, ref at);
            if (record is not [""])
            {
                records.Add(record);
            }
        }

        return records;
    }

    private static string[] ReadRecord(string text, ref int at)
    {
        var fields = new List<string>();
        while (true)
        {
            fields.Add(at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at) : ReadPlain(text, ref at));
            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }

            SkipLineEnd(text, ref at);
            return [.. fields];
        }
    }

    private static string ReadPlain(string text, ref int at)
    {
        var rest = text.AsSpan(at);
        var length = rest.IndexOfAny(',', '\n', '\r');
        var field = length < 0 ? rest : rest[..length];
        at += field.Length;
        return field.ToString();
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var field = new StringBuilder();
        at++;
        while (true)
        {
            var end = text.IndexOf('"', at);
            if (end < 0)
            {
                throw ScoringFault.BadInput("The CSV has a quote that is not closed.");
            }

            field.Append(text, at, end - at);
            at = end + 1;
            if (at == text.Length || text[at] != '"')
            {
                return field.Append(ReadPlain(text, ref at)).ToString();
            }

            field.Append('"');
            at++;
        }
    }

    private static void SkipLineEnd(string text, ref int at)
    {
        if (at < text.Length && text[at] == '\r')
        {
            at++;
        }

        if (at < text.Length && text[at] == '\n')
        {
            at++;
        }
    }
}
