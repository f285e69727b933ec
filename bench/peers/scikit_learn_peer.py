"""scikit-learn's MLPClassifier: one call of partial_fit is one pass over the data in batches.

Its loss is the mean over a batch, so its learning rate is the others' times the batch. Tuned, it
does not check its parameters and its data anew at each call.
"""
import numpy
import sklearn
from sklearn.neural_network import MLPClassifier

import peer


def make_classifier(options):
    return MLPClassifier(hidden_layer_sizes=options.sizes[1:-1], activation='tanh', solver='sgd',
                         momentum=0, nesterovs_momentum=False, alpha=0, batch_size=peer.BATCH,
                         learning_rate_init=peer.LEARNING_RATE * peer.BATCH,
                         shuffle=options.order == 'shuffled', random_state=1)


def main():
    options = peer.read_options(orders=('sequential', 'shuffled'))
    if options.tuned:
        sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    images, labels = peer.read_data(options)
    classifier = make_classifier(options)
    classes = numpy.arange(options.sizes[-1])
    milliseconds = peer.time_epochs(
        options, lambda: classifier.partial_fit(images, labels, classes=classes))
    peer.print_result(sklearn.__version__, milliseconds, classifier.score(images, labels))


if __name__ == '__main__':
    main()
