namespace Slipway.Serving.Pickles;

/// <summary>What is known of a value on a pickle's stack; of most of them, that they are data.</summary>
internal class PickleValue
{
    /// <summary>Data of which nothing needs to be known: numbers with a point, long texts, lists, sets.</summary>
    public static readonly PickleValue Data = new();

    public static readonly PickleValue None = new();
}

/// <summary>A text that is short enough to be a name.</summary>
internal sealed class TextValue(string text) : PickleValue
{
    public string Text => text;
}

/// <summary>A whole number or a truth value.</summary>
internal sealed class NumberValue(long number) : PickleValue
{
    public long Number => number;
}

/// <summary>Bytes, and where in the pickle they lie.</summary>
internal sealed class BytesValue(long position, long length) : PickleValue
{
    public long Position => position;

    public long Length => length;
}

/// <summary>A tuple; null in place of items that are too many to be remembered.</summary>
internal sealed class TupleValue(PickleValue[]? items) : PickleValue
{
    public const int ItemLimit = 64;

    public PickleValue[]? Items => items;
}

/// <summary>A dictionary with the values of its textual keys, unless they are too many.</summary>
internal sealed class DictValue : PickleValue
{
    private const int EntryLimit = 64;

    public Dictionary<string, PickleValue>? Entries { get; private set; } = [];

    public void Set(PickleValue key, PickleValue value)
    {
        if (key is not TextValue text || Entries?.Count >= EntryLimit)
        {
            Entries = null;
            return;
        }

        Entries?[text.Text] = value;
    }
}

/// <summary>Something imported.</summary>
internal sealed class GlobalValue(PickleImport import) : PickleValue
{
    public PickleImport Import => import;

    public bool Is(string module, string name) => import.Name == name && AllowedImports.Today(import.Module) == module;
}

/// <summary>An object made by something imported.</summary>
internal sealed class InstanceValue(GlobalValue? of) : PickleValue
{
    /// <summary>What made it; null when that is not known.</summary>
    public GlobalValue? Of => of;

    /// <summary>Whether it got its state; from then on its attributes may be anything, and nothing of it may be called.</summary>
    public bool Built { get; set; }

    /// <summary>What kind of values it stands for, if it is a type of numpy.</summary>
    public NumpyType? Type { get; set; }
}
