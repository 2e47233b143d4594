namespace Slipway.Server.Routing;

/// <summary>A path with one or two values in it: <c>head{value}middle{value}</c>.</summary>
internal sealed class RoutePattern
{
    private readonly string[] _literals;
    private readonly bool _lastTakesRest;

    public RoutePattern(string text)
    {
        Text = text;
        _lastTakesRest = text.Contains("*}", StringComparison.Ordinal);
        _literals = [.. text.Split('{').Select((part, index) => index == 0 ? part : part[(part.IndexOf('}', StringComparison.Ordinal) + 1)..])];
    }

    public string Text { get; }

    public string Head => _literals[0];

    public List<Route> Routes { get; } = [];

    public bool TryMatch(string path, out RouteValues values)
    {
        values = default;
        if (!path.StartsWith(Head, StringComparison.Ordinal))
        {
            return false;
        }

        var found = new string?[2];
        var position = Head.Length;
        for (var i = 1; i < _literals.Length; i++)
        {
            var isLast = i == _literals.Length - 1;
            var end = isLast && _lastTakesRest ? path.Length : path.IndexOf('/', position) is var slash and >= 0 ? slash : path.Length;
            if (end == position || !path.AsSpan(end).StartsWith(_literals[i], StringComparison.Ordinal))
            {
                return false;
            }

            found[i - 1] = path[position..end];
            position = end + _literals[i].Length;
        }

        values = new RouteValues(found[0], found[1]);
        return position == path.Length;
    }
}
