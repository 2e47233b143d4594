using System.Buffers.Binary;
using System.Text;
using static Slipway.Serving.Pickles.PickleOpcode;

namespace Slipway.Serving.Tests.Pickles;

/// <summary>Writes pickles opcode by opcode, for those that no pickler writes.</summary>
internal sealed class Assembler
{
    private readonly List<byte> _bytes = [Proto, 4];

    public static Assembler Start() => new();

    public static Assembler Bare()
    {
        var bare = new Assembler();
        bare._bytes.Clear();
        return bare;
    }

    public Assembler Op(params ReadOnlySpan<byte> opcodes)
    {
        _bytes.AddRange(opcodes);
        return this;
    }

    public Assembler Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op(ShortBinUnicode, (byte)bytes.Length).Op(bytes);
    }

    public Assembler Bytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return Op(BinBytes).Op(length).Op(bytes);
    }

    public Assembler Line(byte opcode, string text) => Op(opcode).Op(Encoding.UTF8.GetBytes(text + "\n"));

    public Assembler Import(string module, string name) => Text(module).Text(name).Op(StackGlobal);

    public Assembler OldImport(string module, string name) => Line(Global, module).Op(Encoding.UTF8.GetBytes(name + "\n"));

    public byte[] Stop() => [.. _bytes, Slipway.Serving.Pickles.PickleOpcode.Stop];

}
