using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>What is kept of an answered request, in 32 bytes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Deployment">The number of the deployment that answered.</param>
/// <param name="IsCandidate">Whether that was the candidate.</param>
/// <param name="Share">The candidate's share then.</param>
/// <param name="Prediction">What was answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestRecord(RequestId Id, int Deployment, bool IsCandidate, double Share, Prediction Prediction)
{
    public const int Size = 32;

    /// <summary>Where the mark lies that feedback was given.</summary>
    public const int MarkAt = 31;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, Id.Nonce);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], Id.Tail);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], (ushort)Deployment);
        BinaryPrimitives.WriteSingleLittleEndian(to[12..], (float)Share);
        BinaryPrimitives.WriteDoubleLittleEndian(to[16..], Prediction.Number);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], Prediction.Hash);
        to[28] = (byte)Prediction.Kind;
        to[29] = (byte)(IsCandidate ? 1 : 0);
        to[30] = 1;
        to[MarkAt] = 0;
    }

    /// <summary>Null when the record is another one's, or was never written.</summary>
    public static RequestRecord? Read(ReadOnlySpan<byte> from, RequestId id)
    {
        if (from[30] != 1 || BinaryPrimitives.ReadUInt64LittleEndian(from) != id.Nonce || BinaryPrimitives.ReadUInt16LittleEndian(from[8..]) != id.Tail)
        {
            return null;
        }

        return new RequestRecord(
            id,
            BinaryPrimitives.ReadUInt16LittleEndian(from[10..]),
            from[29] == 1,
            BinaryPrimitives.ReadSingleLittleEndian(from[12..]),
            Prediction.Restore((PredictionKind)from[28], BinaryPrimitives.ReadDoubleLittleEndian(from[16..]), BinaryPrimitives.ReadInt32LittleEndian(from[24..])));
    }
}
