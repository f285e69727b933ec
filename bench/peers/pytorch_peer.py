"""PyTorch, fed in three ways: slices of tensors in memory, slices of a permutation, a DataLoader.

By default, the loop as tutorials write it. Tuned is what was measured to be the fastest of its own
means: gradients from autograd.grad() and one call that takes them off all parameters, batches
gathered into one buffer, and a DataLoader that fetches a batch with one index instead of 128.
Not faster, so not here: fused and foreach SGD, torch.compile, counting denormals as zero.
"""
import torch
from torch.nn import functional
from torch.utils import data as loading

import peer


def make_network(sizes):
    inputs, hidden, outputs = sizes
    return torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.Tanh(),
                               torch.nn.Linear(hidden, outputs))


def sequential_batches(images, labels, tuned):
    return lambda: zip(images.split(peer.BATCH), labels.split(peer.BATCH))


def shuffled_batches(images, labels, tuned):
    def by_index():
        for chosen in torch.randperm(len(images)).split(peer.BATCH):
            yield images[chosen], labels[chosen]

    buffer = torch.empty(peer.BATCH, images.shape[1])

    def into_buffer():
        for chosen in torch.randperm(len(images)).split(peer.BATCH):
            yield torch.index_select(images, 0, chosen, out=buffer), labels[chosen]

    return into_buffer if tuned else by_index


def loader_batches(images, labels, tuned):
    dataset = loading.TensorDataset(images, labels)
    if not tuned:
        loader = loading.DataLoader(dataset, batch_size=peer.BATCH, shuffle=True)
    else:
        batches = loading.BatchSampler(loading.RandomSampler(dataset), peer.BATCH, drop_last=False)
        loader = loading.DataLoader(dataset, sampler=batches, batch_size=None)
    return lambda: loader


def default_step(network, loss_of):
    optimizer = torch.optim.SGD(network.parameters(), lr=peer.LEARNING_RATE)

    def step(images, labels):
        optimizer.zero_grad()
        loss_of(images, labels).backward()
        optimizer.step()

    return step


def tuned_step(network, loss_of):
    parameters = list(network.parameters())

    def step(images, labels):
        gradients = torch.autograd.grad(loss_of(images, labels), parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-peer.LEARNING_RATE)

    return step


FEEDS = {'sequential': sequential_batches, 'shuffled': shuffled_batches, 'loader': loader_batches}


def main():
    options = peer.read_options(orders=tuple(FEEDS))
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    images, labels = (torch.from_numpy(part) for part in peer.read_data(options))
    batches = FEEDS[options.order](images, labels, options.tuned)
    network = make_network(options.sizes)

    def loss_of(batch, targets):
        return functional.cross_entropy(network(batch), targets, reduction='sum')

    step = (tuned_step if options.tuned else default_step)(network, loss_of)

    def train_epoch():
        for batch, targets in batches():
            step(batch, targets)

    milliseconds = peer.time_epochs(options, train_epoch)
    with torch.no_grad():
        accuracy = (network(images).argmax(1) == labels).float().mean()
    peer.print_result(torch.__version__, milliseconds, accuracy)


if __name__ == '__main__':
    main()
