namespace Slipway.Serving.Judging;

/// <summary>
/// Bets on which arm an event (a failure, a slow answer) came from. Arms are drawn by chance, the candidate with a known share, so an
/// event that is no likelier in the candidate comes from it with that probability at most, however likely events are at the moment.
/// </summary>
/// <remarks>
/// <para>1. For each ratio r of a grid, a gambler believes that events are r times as likely in the candidate. Then an event comes from
/// it with probability q = share·r / (share·r + 1 − share).</para>
/// <para>2. At an event of the candidate the gambler's wealth is multiplied by q/share, at one of the baseline by (1 − q)/(1 − share).
/// While the candidate is not worse no multiplication has an expectation above one.</para>
/// <para>3. The wealth of all gamblers together, who began with one, is then a non-negative supermartingale: it ever reaches 1/α with
/// probability α at most (Ville), so it may be looked at as often as one likes.</para>
/// <para>This is a sequential probability ratio test with a discrete mixture (Robbins 1970; Johari, Pekelis and Walsh 2022, "Always
/// valid inference") of the conditional share; see also Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by
/// betting", and Ramdas, Grünwald, Vovk and Shafer 2023, "Game-theoretic statistics and safe anytime-valid inference".</para>
/// </remarks>
internal sealed class ShareTest
{
    // What is looked for most is three to ten times as many failures; larger and smaller ratios still find something in the mixture.
    private static readonly double[] _ratios = [1.25, 1.6, 2.5, 5, 10, 40];
    private static readonly double[] _priors = [0.1, 0.1, 0.2, 0.3, 0.2, 0.1];

    private readonly double[] _wealth = [.. _priors.Select(prior => Math.Log(prior))];
    private readonly double[] _gain = new double[_ratios.Length];
    private readonly double[] _loss = new double[_ratios.Length];
    private double _share = -1;

    /// <summary>The logarithm of the wealth; 0 before the first event.</summary>
    public double Evidence => Logarithms.OfSum(_wealth);

    /// <summary>Takes an event; it tells nothing when its arm was not left to chance.</summary>
    public void Add(bool candidate, double share)
    {
        if (share is <= 0 or >= 1)
        {
            return;
        }

        if (share != _share)
        {
            Prepare(share);
        }

        var change = candidate ? _gain : _loss;
        for (var i = 0; i < change.Length; i++)
        {
            _wealth[i] += change[i];
        }
    }

    private void Prepare(double share)
    {
        _share = share;
        for (var i = 0; i < _ratios.Length; i++)
        {
            var all = (share * _ratios[i]) + 1 - share;
            _gain[i] = Math.Log(_ratios[i] / all);
            _loss[i] = -Math.Log(all);
        }
    }
}
