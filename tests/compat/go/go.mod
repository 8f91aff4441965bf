module klamm.test/compat/steps

go 1.26.0
