using System.Globalization;

namespace Slipway.Serving.Pickles;

/// <summary>
/// A type of numpy's values: how many bytes one takes, and whether these are objects. A type that says otherwise than
/// it is would let numpy take bytes of the file for addresses.
/// </summary>
internal sealed record NumpyType(char Kind, long Size, bool HasObjects)
{
    private const long SizeLimit = int.MaxValue;

    // Of a type's flags: it holds references, and is pickled as a list; and what else numpy sets for objects.
    private const long HoldsObjects = 0x03;
    private const long ObjectFlags = 0x3f;

    public static NumpyType Of(PickleValue[]? arguments, long position) =>
        arguments is [TextValue { Text: [var kind and ('b' or 'i' or 'u' or 'f' or 'c' or 'O' or 'S' or 'U' or 'V' or 'M' or 'm'), .. var digits] }, ..]
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size < SizeLimit / 4
            ? new NumpyType(kind, kind == 'U' ? 4 * size : size, kind == 'O')
            : throw new PickleRefusal("a type of numpy is not known", position);

    // version, byte order, (base, shape), names, fields, size, alignment, flags, more
    public NumpyType WithState(PickleValue state, long position)
    {
        if (state is not TupleValue { Items: [NumberValue { Number: 3 or 4 }, _, var array, var names, var fields, NumberValue size, NumberValue, NumberValue flags, ..] })
        {
            throw Unfit(position);
        }

        var grown = this with { Size = Kind is 'S' or 'U' or 'V' ? size.Number : Size };
        var checkedType = (array, fields) switch
        {
            _ when grown.Size is < 0 or > SizeLimit => throw Unfit(position),
            (TupleValue pair, _) when Kind == 'V' && fields == PickleValue.None => grown.OfArray(pair, position),
            (_, DictValue dict) when Kind == 'V' && array == PickleValue.None && names is TupleValue => grown.OfFields(dict, position),
            _ when array == PickleValue.None && fields == PickleValue.None => grown,
            _ => throw Unfit(position),
        };
        return FlagsFit(checkedType, flags.Number) ? checkedType : throw Unfit(position);
    }

    private static bool FlagsFit(NumpyType type, long flags) =>
        type.Kind == 'O' ? flags == ObjectFlags : (flags & HoldsObjects) == (type.HasObjects ? HoldsObjects : 0);

    private NumpyType OfArray(TupleValue pair, long position)
    {
        if (pair is not { Items: [InstanceValue { Type: { } of }, var shape] } || Count(shape) is not { } count || count * of.Size != Size)
        {
            throw Unfit(position);
        }

        return this with { HasObjects = of.HasObjects };
    }

    private NumpyType OfFields(DictValue fields, long position)
    {
        var types = fields.Entries?.Values.Select(field => field is TupleValue { Items: [InstanceValue { Type: { } of }, NumberValue offset, ..] }
            && offset.Number >= 0 && offset.Number <= Size - of.Size ? of : throw Unfit(position)).ToList() ?? throw Unfit(position);
        return this with { HasObjects = types.Exists(type => type.HasObjects) };
    }

    /// <summary>How many values an array of this shape has; null when that is not known or more than can be.</summary>
    public static long? Count(PickleValue shape)
    {
        if (shape is not TupleValue { Items: { } sides })
        {
            return shape is NumberValue { Number: >= 0 and < SizeLimit } one ? one.Number : null;
        }

        Int128 count = 1;
        foreach (var side in sides)
        {
            if (side is not NumberValue { Number: >= 0 } number || (count *= number.Number) > long.MaxValue / SizeLimit)
            {
                return null;
            }
        }

        return (long)count;
    }

    private static PickleRefusal Unfit(long position) => new("a type of numpy is not what it says", position);
}
