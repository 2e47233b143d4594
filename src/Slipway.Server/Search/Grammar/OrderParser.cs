using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>Reads one item of an order: <c>identifier [ASC|DESC]</c>.</summary>
internal static class OrderParser
{
    public static OrderItem Parse(string item)
    {
        var tokens = new TokenReader(item);
        var name = tokens.TakeIdentifier();
        var descending = tokens.TryTake("desc");
        if (!descending)
        {
            tokens.TryTake("asc");
        }

        return tokens.Current.Kind == TokenKind.End
            ? new OrderItem(name, descending)
            : throw Fault.Invalid($"Invalid order_by clause '{tokens.Shown}': one name may be followed by ASC or DESC and nothing else, but there is '{SearchText.Shown(tokens.Current.Text)}'.");
    }
}

/// <summary>An item of an order as it was written.</summary>
internal sealed record OrderItem(Identifier Name, bool Descending);
