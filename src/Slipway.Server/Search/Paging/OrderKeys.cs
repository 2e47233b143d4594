using Slipway.Server.Search.Grammar;
using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>What holds for the order of every kind.</summary>
internal static class OrderKeys
{
    public static void CheckDistinct(IReadOnlyList<OrderKey> keys)
    {
        if (keys.CountBy(key => (key.Subject, key.Name)).FirstOrDefault(field => field.Value > 1) is { Value: > 1, Key.Name: var name })
        {
            throw Fault.Invalid($"'order_by' contains a duplicate field: '{SearchText.Shown(name)}'.");
        }
    }

    /// <summary>Adds what breaks ties, unless the order has the field already.</summary>
    public static void Append(List<OrderKey> keys, string field, bool descending)
    {
        if (!keys.Exists(key => key.Subject == Subject.Attribute && key.Name == field))
        {
            keys.Add(new OrderKey(Subject.Attribute, field, descending));
        }
    }
}
