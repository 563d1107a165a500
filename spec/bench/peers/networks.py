# CUBA and COBA by Brian2's C++ standalone mode, one thread, as networks.c has them:
#
#     networks.py FOLDER cuba|coba NEURONS SECONDS DELAY_MS [stdp]
#
# builds it there, runs it once and prints the processor's seconds of the loop, which
# device._last_run_time has, and the rate, Hz. FOLDER/main runs it again and leaves the
# seconds in results/last_run_info.txt. With stdp the excitatory synapses among each other
# learn by pairs of spikes.
import sys

from brian2 import (Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, device, ms, mV,
                    prefs, second, seed, set_device)

folder, kind = sys.argv[1], sys.argv[2]
count, seconds, delay = int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
is_coba, learns = kind == "coba", len(sys.argv) > 6
set_device("cpp_standalone", build_on_run=False)
prefs.devices.cpp_standalone.openmp_threads = 0
defaultclock.dt = 0.1 * ms
seed(3)

tau_m, tau_e, tau_i = 20 * ms, 5 * ms, 10 * ms
El = -60 * mV if is_coba else -49 * mV
Ee, Ei, Vt, Vr = 0 * mV, -80 * mV, -50 * mV, -60 * mV
CUBA = """dv/dt = (ge + gi - (v - El)) / tau_m : volt (unless refractory)
dge/dt = -ge / tau_e : volt
dgi/dt = -gi / tau_i : volt"""
COBA = """dv/dt = (El - v + ge * (Ee - v) + gi * (Ei - v)) / tau_m : volt (unless refractory)
dge/dt = -ge / tau_e : 1
dgi/dt = -gi / tau_i : 1"""
neurons = NeuronGroup(count, COBA if is_coba else CUBA, threshold="v > Vt", reset="v = Vr",
                      refractory=5 * ms, method="exponential_euler" if is_coba else "exact")
if is_coba:
    neurons.v = "El + (5 * randn() - 5) * mV"
    neurons.ge = "4 + 1.5 * randn()"
    neurons.gi = "20 + 12 * randn()"
    we, wi = 0.6, 6.7
else:
    neurons.v = "Vr + rand() * (Vt - Vr)"
    we, wi = 60 * 0.27 / 10 * mV, -20 * 4.5 / 10 * mV

excitatory, p = count // 5 * 4, 80 / count
tau_stdp, top, rate = 20 * ms, 2 * we, 0.01 * we
STDP = """w : volt
dpre/dt = -pre / tau_stdp : 1 (event-driven)
dpost/dt = -post / tau_stdp : 1 (event-driven)"""
groups = []


def connect(name, model, on_pre, source, target, **others):
    synapses = Synapses(neurons[source], neurons[target], model, on_pre=on_pre, name=name,
                        delay=delay * ms, **others)
    synapses.connect(p=p)
    groups.append(synapses)
    return synapses


if learns:
    pairs = connect("pairs", STDP.replace("volt", "1" if is_coba else "volt"),
                    """ge_post += w
                    pre += 1
                    w = clip(w - rate * post, 0 * top, top)""",
                    slice(0, excitatory), slice(0, excitatory),
                    on_post="""post += 1
                    w = clip(w + rate * pre, 0 * top, top)""")
    pairs.w = we
    connect("down", "", "ge_post += we", slice(0, excitatory), slice(excitatory, count))
else:
    connect("exc", "", "ge_post += we", slice(0, excitatory), slice(0, count))
connect("inh", "", "gi_post += wi", slice(excitatory, count), slice(0, count))
spikes = SpikeMonitor(neurons, record=False)
Network(neurons, spikes, *groups).run(seconds * second)
device.build(directory=folder, compile=True, run=True, with_output=False)
print("%.6f %.3f" % (device._last_run_time, spikes.num_spikes / count / seconds))
