namespace Slipway.Serving.Judging;

/// <summary>Sums of numbers that are known by their logarithms.</summary>
internal static class Logarithms
{
    public static double OfSum(ReadOnlySpan<double> logarithms)
    {
        var highest = double.NegativeInfinity;
        foreach (var value in logarithms)
        {
            highest = Math.Max(highest, value);
        }

        var sum = 0.0;
        foreach (var value in logarithms)
        {
            sum += Math.Exp(value - highest);
        }

        return highest + Math.Log(sum);
    }

    public static double OfMean(ReadOnlySpan<double> logarithms) => OfSum(logarithms) - Math.Log(logarithms.Length);
}
