using System.Runtime.InteropServices;

namespace Slipway.Serving.Judging;

/// <summary>How one request ended.</summary>
/// <param name="Candidate">Whether the candidate had it.</param>
/// <param name="Share">The probability with which chance gave it to the candidate; 0 or 1 when it was not left to chance.</param>
/// <param name="Failed">Whether the model failed, the time was over, or the worker was lost. The caller's bad input is not an outcome.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Prediction">What was answered, if that was read.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Outcome(bool Candidate, double Share, bool Failed, double Milliseconds, Prediction Prediction = default)
{
    /// <summary>Whether the answer broke the signature.</summary>
    public bool BreaksSchema { get; init; }
}

/// <summary>A prediction: a class, a number, or nothing that could be read.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Prediction
{
    private Prediction(PredictionKind kind, double number, int hash) => (Kind, Number, Hash) = (kind, number, hash);

    public PredictionKind Kind { get; }

    public double Number { get; }

    /// <summary>Of a class; equal classes have equal hashes in all processes.</summary>
    public int Hash { get; }

    /// <summary>One that was kept.</summary>
    public static Prediction Restore(PredictionKind kind, double number, int hash) => new(kind, number, hash);

    public static Prediction OfNumber(double number) => double.IsFinite(number) ? new(PredictionKind.Number, number, 0) : default;

    public static Prediction OfClass(ReadOnlySpan<byte> text)
    {
        // FNV-1a, because it has to be the same in a profile that another process reads.
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return new(PredictionKind.Class, 0, (int)(hash & int.MaxValue));
    }
}

internal enum PredictionKind
{
    None,
    Class,
    Number,
}

/// <summary>What was found out later about one prediction.</summary>
/// <param name="Candidate">Whether the candidate had made it.</param>
/// <param name="Share">As of its request.</param>
/// <param name="Loss">How far off it was; of a class 0 or 1.</param>
/// <param name="IsNumber">Whether it was a number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Feedback(bool Candidate, double Share, double Loss, bool IsNumber);
