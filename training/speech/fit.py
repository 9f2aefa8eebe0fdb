"""Training, and an average of the weights that is usable at any time."""

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

import structlog
import torch

from training.speech.batches import Material, Progress, draw_batches
from training.speech.labels import Labeller
from training.speech.losses import measure_losses
from training.speech.network import Network

log = structlog.get_logger()


@dataclass(frozen=True)
class Fit:
    """How to train."""

    learning_rate: float = 1e-3
    warm_up_steps: int = 200
    falling_share: float = 0.5
    """The last part of the training, over which the learning rate falls to nothing."""
    averaging_steps: int = 400
    report_s: float = 30.0
    checkpoint_s: float = 120.0
    processes: int = 2


@dataclass
class Trained:
    """A network in training: its weights, their running average and the optimiser's state."""

    network: Network
    average: Network
    optimiser: torch.optim.AdamW
    steps: int = 0

    @classmethod
    def begin(cls, network: Network) -> "Trained":
        """Start from fresh weights."""
        return cls(network, copy.deepcopy(network), new_optimiser(network))

    def save(self, path: Path) -> None:
        """Write a checkpoint in one step."""
        states = [part.state_dict() for part in (self.network, self.average, self.optimiser)]
        torch.save({"states": states, "steps": self.steps}, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        saved = torch.load(path)
        network, average, optimiser = saved["states"]
        self.network.load_state_dict(network)
        self.average.load_state_dict(average)
        self.optimiser.load_state_dict(optimiser)
        self.steps = saved["steps"]


def new_optimiser(network: Network) -> torch.optim.AdamW:
    """The optimiser of all weights that are trained."""
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    return torch.optim.AdamW(weights, betas=(0.9, 0.98), weight_decay=0.01)


def fit(
    trained: Trained, read: Callable[[], Material], labeller: Labeller, plan: Fit, minutes: float, checkpoint: Path
) -> None:
    """Train for so many minutes, with a checkpoint now and then.

    Processes of one thread each share the weights and update them without waiting for each other (Niu, Recht, Ré,
    Wright, "Hogwild!", NIPS 2011): with a network this small, threads would mostly wait.

    Args:
        trained: what to go on from.
        read: reads the material, once in each process.
        labeller: writes the labels.
        plan: how to train.
        minutes: how long.
        checkpoint: the file to write.
    """
    trained.network.share_memory()
    context = torch.multiprocessing.get_context("spawn")
    weights, first_step = trained.network, trained.steps
    helpers = [
        context.Process(target=_help, args=(weights, read, labeller, plan, minutes, first_step + number), daemon=True)
        for number in range(1, plan.processes)
    ]
    for helper in helpers:
        helper.start()
    reported = saved = time.monotonic()
    tallies = list[tuple[float, ...]]()
    for losses in _steps(trained.network, trained.optimiser, read(), labeller, plan, minutes, trained.steps):
        trained.steps += 1
        _average(trained, plan.averaging_steps)
        tallies.append(losses)
        now = time.monotonic()
        if now - reported > plan.report_s:
            means = [round(sum(column) / len(tallies), 3) for column in zip(*tallies, strict=True)]
            log.info("training", step=trained.steps, losses=means)
            reported, tallies = now, []
        if now - saved > plan.checkpoint_s:
            trained.save(checkpoint)
            saved = now
    for helper in helpers:
        helper.join()
    trained.save(checkpoint)


def _help(
    network: Network, read: Callable[[], Material], labeller: Labeller, plan: Fit, minutes: float, seed: int
) -> None:
    """Train the shared weights beside the process that watches over them, for as long as it lives."""
    watcher = parent_process()
    for _ in _steps(network, new_optimiser(network), read(), labeller, plan, minutes, seed):
        if watcher is None or not watcher.is_alive():
            return


def _steps(
    network: Network,
    optimiser: torch.optim.AdamW,
    material: Material,
    labeller: Labeller,
    plan: Fit,
    minutes: float,
    seed: int,
) -> Iterator[tuple[float, ...]]:
    """Take steps until the time is over; yields the loss of each, its parts and the share of tokens that were right."""
    torch.set_num_threads(1)
    started, progress = time.monotonic(), Progress()
    for number, batch in enumerate(draw_batches(material, labeller, progress, seed), start=1):
        progress.share = (time.monotonic() - started) / (minutes * 60)
        if progress.share >= 1:
            return
        pace = min(1.0, number / plan.warm_up_steps, (1 - progress.share) / plan.falling_share)
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * pace
        with torch.autocast("cpu", torch.bfloat16):
            losses = measure_losses(network, batch, labeller.padding)
        optimiser.zero_grad()
        torch.autograd.backward(losses.total)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        yield losses.numbers()


@torch.no_grad()
def _average(trained: Trained, averaging_steps: int) -> None:
    """Move the average towards the weights, faster at the start, when older weights are worth little."""
    new_share = 1 / min(averaging_steps, 1 + trained.steps / 4)
    for average, weight in zip(trained.average.parameters(), trained.network.parameters(), strict=True):
        average.lerp_(weight, new_share)
