"""The import that the published README shows, and its example as printed there.

>>> import torch
>>> _ = torch.manual_seed(0)  # for the output below, to the digit
>>> from gradient_ascent.main import GradientAscent
>>> class SimpleModel(torch.nn.Module):
...     def __init__(self):
...         super(SimpleModel, self).__init__()
...         self.fc = torch.nn.Linear(1, 1)
...
...     def forward(self, x):
...         return self.fc(x)
>>> # Test the optimizer
>>> model = SimpleModel()
>>> optimizer = GradientAscent(model.parameters(), lr=0.01)
>>> # General some sample data
>>> data = torch.tensor([[2.0]])
>>> target = torch.tensor([[3.0]])
>>> for _ in range(1000):
...     optimizer.zero_grad()
...     output = model(data)
...
...     # Negative loss as we are maximizing]
...     loss = -torch.nn.functional.mse_loss(output, target)
...     loss.backward()
...     optimizer.step()
>>> print("Final output after training: ", model(data))
Final output after training:  tensor([[3.0000]], grad_fn=<AddmmBackward0>)
"""

from gradient_ascent.optim.gradient_ascent import GradientAscent

__all__ = ["GradientAscent"]
