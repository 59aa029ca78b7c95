module anchorwatch.example/lab

go 1.19
